/** What goes wrong with a Postgres server, in words for the person who runs Signet. */

/** By SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html), or by the system's error code; the longest that the code begins with. */
const troubles: Readonly<Record<string, string>> = {
  '08': 'the connection broke',
  '25006': 'it can only be read from',
  '25P03': 'a transaction stood still for too long',
  '28': 'it does not let this user in',
  '28P01': 'the user or the password is wrong',
  '3D000': 'there is no such database',
  '3F000': 'there is no schema to put tables into',
  '40': 'another transaction was in the way',
  '42501': 'this user may not do what Signet needs: create tables in the schema, and read and write them',
  '53': 'the server has not the means',
  '53100': "the server's disk is full",
  '53300': 'the server has no connection to spare',
  '55P03': 'another writer holds it for too long',
  '57': 'the server is stopping or starting',
  '57014': 'the answer took too long',
  '58': 'the server reports an error of its system',
  EACCES: 'permission is denied',
  EAI_AGAIN: "the host's name cannot be looked up",
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection broke',
  EHOSTUNREACH: 'there is no way to the host',
  ENETUNREACH: 'there is no way to the host',
  ENOENT: 'there is no such socket or file',
  ENOTFOUND: 'there is no such host',
  EPIPE: 'the connection broke',
  ETIMEDOUT: 'the host does not answer',
};

/** By what the driver says where there is no code. */
const sayings: readonly (readonly [said: RegExp, trouble: string])[] = [
  [/timeout|timed out/i, 'it does not answer in time'],
  [/does not support SSL/i, 'it speaks no TLS, and the URL asks for it'],
  [/password must be a string|password must be/i, 'it asks for a password, and the URL has none'],
  [/terminated|not queryable|was closed|ECONN/i, 'the connection broke'],
  [/certificate|altnames|SSL|TLS/i, 'its certificate will not do'],
];

/** Those that pass by themselves, or that somebody else ends: the same request may succeed later. */
const passing = /^(?:08|25006|25P03|28|3D000|40|53|55P03|57|58)/;

/** A fault of the database that Signet did not cause; undefined for one that only a programmer can do something about. */
export function troubleWith(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  for (let length = code.length; length >= 2; length--) {
    const trouble = troubles[code.slice(0, length)];
    if (trouble !== undefined) return trouble;
  }
  if ('severity' in error) return undefined;
  if ('syscall' in error) return `the system reports ${code}`;
  // Those of OpenSSL, such as SELF_SIGNED_CERT_IN_CHAIN, say so in words, too.
  return sayings.find(([said]) => said.test(error.message))?.[1];
}

/** Whether the server could not be asked, or did not get to the end of it: nothing is known of what it did. */
export function isOutOfReach(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // What the server says has a severity; all else happened on the way to it.
  if ('severity' in error && 'code' in error) return passing.test(String(error.code));
  return troubleWith(error) !== undefined;
}
