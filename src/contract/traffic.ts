/** What is going on in a server at this moment, and what was too much since it started; as it is told to those who watch. */

/**
 * What a request takes a place among: what Signet works on, what waits for something else, what is at backends of API Gateway, and those
 * who ask how Signet is.
 */
export type Activity = 'working' | 'waiting' | 'forwarding' | 'reserved';

export interface TrafficCounts {
  readonly places: Readonly<Record<Activity, number>>;
  /** Requests whose bodies are under way. */
  readonly arriving: number;
  /** Bytes of bodies that are kept. */
  readonly bodyBytes: number;
  /** Bytes of answers that clients have not taken. */
  readonly unreadBytes: number;
  readonly connections: number;
  /** Since the start: connections that gave way to others. */
  readonly cutOff: number;
  /** Since the start: how many requests were refused because there was too much of what. */
  readonly refused: ReadonlyMap<string, number>;
}
