/** Who asks, as IAM found out: the user, and the project or the domain that the credential is for. */
export interface Caller {
  readonly user: CallingUser;
  readonly project: Owned | null;
  readonly domain: NamedId | null;
}

/** A caller whose credential is for a project. */
export interface ProjectCaller extends Caller {
  readonly project: Owned;
}

interface CallingUser extends Owned {
  /** Actions that the user may do, such as `kms:cmk:sign` or `kms:*:*`; null: all. */
  readonly permissions: readonly string[] | null;
}

interface NamedId {
  readonly id: string;
  readonly name: string;
}

interface Owned extends NamedId {
  readonly domain: NamedId;
}
