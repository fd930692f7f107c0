/** What falls due by the clock in the services: they know what to do, the clock knows when. */
export interface Due {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: 'key_rotated' | 'key_deleted' | 'material_expired';
  readonly keyId: string;
  readonly projectId: string;
}

export interface DueWork {
  /** When something falls due next, or fell due before; undefined when nothing will. */
  readonly next: () => Promise<number | undefined>;
  /** Does what is due at this instant, and tells at most so much of it, the earliest first. */
  readonly run: (now: number, most: number) => Promise<readonly Due[]>;
}
