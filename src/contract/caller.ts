/** Who asks, as IAM found out: the user, and the project or the domain that the credential is for. */
export interface Caller {
  readonly user: Owned;
  readonly project: Owned | null;
  readonly domain: NamedId | null;
}

/** A caller whose credential is for a project. */
export interface ProjectCaller extends Caller {
  readonly project: Owned;
}

interface NamedId {
  readonly id: string;
  readonly name: string;
}

interface Owned extends NamedId {
  readonly domain: NamedId;
}
