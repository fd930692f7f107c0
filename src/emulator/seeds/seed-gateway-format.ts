/** The API gateways of a seed file as they are written; fields carry the names of the file, which are those of the vendor. */
import type { SignatureType } from '../../crypto/signature-keys.ts';
import type { DefinitionDraft } from '../../store/store.ts';

export interface GatewayEntry {
  readonly id?: string;
  readonly name: string;
  readonly environments?: readonly EnvironmentEntry[];
  readonly signature_keys?: readonly SignatureKeyEntry[];
  readonly groups?: readonly GroupEntry[];
}

export interface EnvironmentEntry {
  readonly id?: string;
  readonly name: string;
  readonly remark?: string;
}

export interface SignatureKeyEntry {
  readonly id?: string;
  readonly name: string;
  readonly sign_type?: SignatureType;
  readonly sign_key?: string;
  readonly sign_secret?: string;
  readonly sign_algorithm?: string;
}

export interface GroupEntry {
  readonly id?: string;
  readonly name: string;
  readonly remark?: string;
  readonly apis?: readonly ApiEntry[];
}

type Needed = 'name' | 'req_method' | 'req_uri';
type HttpBackendDraft = NonNullable<DefinitionDraft['backend_api']>;

export interface ApiEntry
  extends Pick<DefinitionDraft, Needed>, Partial<Omit<DefinitionDraft, Needed | 'backend_api'>> {
  readonly id?: string;
  readonly backend_api?: Partial<HttpBackendDraft> & Pick<HttpBackendDraft, 'url_domain'>;
  readonly published?: readonly PublishedEntry[];
}

export interface PublishedEntry {
  readonly environment: string;
  readonly signature_key?: string;
}
