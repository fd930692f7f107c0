/** The API gateways of a project as they are written: words as those of the vendor. */
import type { ApiDefinition, SignatureKey } from '../../store/store.ts';

/** Without name and created_at it is the one that a project has without storing it: only what is in it is written. */
export interface GatewayEntry {
  readonly id: string;
  readonly name?: string;
  readonly created_at?: string;
  readonly signature_keys?: readonly SignatureKeyEntry[];
  /** RELEASE is not among them. */
  readonly environments?: readonly EnvironmentEntry[];
  readonly groups?: readonly GroupEntry[];
}

export interface SignatureKeyEntry {
  readonly id: string;
  readonly name: string;
  readonly sign_type: SignatureKey['type'];
  readonly sign_key: string;
  readonly sign_secret: string;
  readonly sign_algorithm?: string;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface EnvironmentEntry {
  readonly id: string;
  readonly name: string;
  readonly remark?: string;
  readonly created_at: string;
}

export interface GroupEntry {
  readonly id: string;
  readonly name: string;
  readonly remark?: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly apis?: readonly ApiEntry[];
}

export interface ApiEntry {
  readonly id: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly definition: ApiDefinition;
  readonly publications?: readonly PublicationEntry[];
  readonly signature_bindings?: readonly SignatureBindingEntry[];
}

export interface PublicationEntry {
  readonly version_id: string;
  readonly publish_id: string;
  readonly env_id: string;
  readonly in_force?: boolean;
  readonly remark?: string;
  readonly published_at: string;
  readonly definition: ApiDefinition;
}

export interface SignatureBindingEntry {
  readonly id: string;
  readonly env_id: string;
  readonly sign_id: string;
  readonly bound_at: string;
}
