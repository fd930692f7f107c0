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

/** A caller known by an OCI API signing key: the user and the tenancy, which is its domain, are named by OCID. */
export interface OciCaller extends Caller {
  /** Of the key. */
  readonly fingerprint: string;
  /** Whether it may work with the API keys of every user of the tenancy. */
  readonly isAdministrator: boolean;
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
