/** The certificate authority that is kept with the state, and a server's certificate of it. */
import type { Certified } from '../../crypto/certificates.ts';
import type { Store } from '../../store/store.ts';

/** Where the authority is kept; the store seals it wherever it outlives the process. */
const place = { kind: 'tls', name: 'authority' } as const;

const day = 24 * 60 * 60 * 1000;
/** An authority that ends before this has passed takes no more servers. */
const LEAST_REST = 400 * day;

export interface Certificates {
  /** PEM: what clients are told to trust. */
  readonly caCertificate: string;
  /** The server's own. */
  readonly server: Certified;
}

export interface CertificateOptions {
  readonly store: Store;
  /** Names and addresses that clients use. */
  readonly hosts: readonly string[];
  /** The real time, whatever Signet's clock says: clients have no other. Milliseconds since 1970. */
  readonly at: number;
}

/** The server's certificate is new every time, its authority only where there is none that lasts. */
export async function makeCertificates({ store, hosts, at }: CertificateOptions): Promise<Certificates> {
  // Half of the time that a start takes, for those who do without it.
  const { expiryOf, makeAuthority, makeServerCertificate } = await import('../../crypto/certificates.ts');

  const kept = async ({ documents }: Store): Promise<Certified | undefined> => {
    const document = await documents.get(place.kind, place.name);
    const found = document && (JSON.parse(Buffer.from(document.content).toString()) as Certified);
    return found !== undefined && expiryOf(found.certificate) > at + LEAST_REST ? found : undefined;
  };

  const keep = async (made: Certified): Promise<Certified> =>
    store.transaction(async (inner) => {
      // Another process may have made one meanwhile.
      const other = await kept(inner);
      if (other !== undefined) return other;
      await inner.documents.put({ ...place, createdAt: at, content: Buffer.from(JSON.stringify(made)) });
      return made;
    });

  const authority = (await kept(store)) ?? (await keep(await makeAuthority(at)));
  return { caCertificate: authority.certificate, server: await makeServerCertificate(authority, hosts, at) };
}
