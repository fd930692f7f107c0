import { decode, encode } from '../../crypto/canonical-query.ts';
import { LONGEST, attempt, distinct, type Candidate, type Subject } from './candidate.ts';

const closed = (path: string): string => (path.endsWith('/') ? path : `${path}/`);
const bySegments = (path: string, of: (segment: string) => string): string => path.split('/').map(of).join('/');
const canonical = (path: string): string => closed(bySegments(path, (segment) => encode(decode(segment))));

/** The path with another segment in the place of each that is this one. */
const replaced = (path: string, old: string, by: string): string =>
  bySegments(path, (segment) => (segment === old ? by : segment));

/** The id of a project in a path of any service; '' where there is none. */
export const projectIn = ({ path, projectIds }: Pick<Subject, 'path' | 'projectIds'>): string =>
  path.split('/').find((segment) => projectIds.includes(segment) || /^[0-9a-f]{32}$/.test(segment)) ?? '';

/** What stands before the paths of services at some gateways, or is left out by clients that sign a path below their endpoint. */
const prefixes = ['/v1.0', '/v1', '/v3', '/kms', '/iam', '/api', '/v2', '/v3.0'];

/** Characters that encoders leave as they are, beyond those of RFC 3986. */
const laxEncoders = ["!'()*", ":@!$&'()*+,;=", ";,?:@&=+$!*'()#"];

const rows: readonly Candidate[] = [
  {
    name: 'other-project',
    part: 'path',
    explanation: 'The client signed a path with %s in the place of the project id.',
    remedy: 'Sign the path with the id of the project that the request is sent for.',
    *attempts(subject) {
      const { path, projectIds, header } = subject;
      const own = projectIn(subject);
      if (own === '') return;
      const ids = distinct([
        header('x-project-id'),
        ...projectIds,
        '{project_id}',
        '%7Bproject_id%7D',
        '',
        own.toUpperCase(),
      ]).filter((id) => id !== own);
      for (const id of ids) {
        const signed = canonical(replaced(path, own, id));
        yield attempt({ path: signed }, id === '' ? 'nothing' : id);
        yield attempt({ path: closed(bySegments(replaced(path, own, id), encode)) }, `${id}, encoded twice,`);
      }
    },
  },
  {
    name: 'path-encoded-twice',
    part: 'path',
    explanation: 'The client signed the path after encoding it a second time.',
    remedy: 'Encode each segment of the path once: from the plain text, not from what is encoded already.',
    *attempts({ path }) {
      yield attempt({ path: closed(bySegments(path, encode)) });
      yield attempt({ path: closed(bySegments(canonical(path), encode)) });
    },
  },
  {
    name: 'path-sent-encoded-twice',
    part: 'path',
    explanation: 'The path arrived percent-encoded twice, and the client signed it as it was before.',
    remedy: 'Give the HTTP library or proxy a path that it does not encode again.',
    attempts: ({ path }) => (/%25[0-9A-Fa-f]{2}/.test(path) ? [attempt({ path: canonical(decode(path)) })] : []),
  },
  {
    name: 'path-not-encoded',
    part: 'path',
    explanation: 'The client signed the path without percent-encoding.',
    remedy: 'Encode each segment of the path as RFC 3986 says before signing it.',
    attempts: ({ path }) => [attempt({ path: closed(decode(path)) })],
  },
  {
    name: 'path-encoded-otherwise',
    part: 'path',
    explanation: 'The client encoded the path by other rules than those of the signature: %s.',
    remedy: 'Encode every byte but A-Z, a-z, 0-9, -, _, . and ~ as %XX in capitals.',
    paired: 1,
    *attempts({ path }) {
      yield attempt({ path: closed(path) }, 'it signed it as it stands in the request');
      for (const lax of laxEncoders) {
        const leave = (segment: string): string =>
          decode(segment).replaceAll(/[^A-Za-z0-9\-_.~]/g, (byte) => (lax.includes(byte) ? byte : encode(byte)));
        yield attempt(
          { path: closed(bySegments(path, leave)) },
          `${lax.slice(0, 1)} and the like are left as they are`,
        );
      }
      const small = canonical(path).replaceAll(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
      yield attempt({ path: small }, 'hex digits are small');
      yield attempt({ path: canonical(path).replaceAll('%20', '+') }, 'a blank is a plus');
    },
  },
  {
    name: 'path-slashes',
    part: 'path',
    explanation: 'The client signed the path with %s.',
    remedy: 'Join endpoint and path with one slash, and sign the path that is sent.',
    *attempts({ path }) {
      yield attempt({ path: canonical(path.replaceAll(/\/+/g, '/')) }, 'single slashes where double ones are sent');
      yield attempt({ path: canonical(`/${path}`) }, 'two slashes at its begin');
      yield attempt({ path: canonical(path).slice(1) }, 'no slash at its begin');
      yield attempt({ path: `${canonical(path)}/` }, 'two slashes at its end');
    },
  },
  {
    name: 'dot-segments',
    part: 'path',
    explanation: 'The client signed the path after resolving . and .. in it.',
    remedy: 'Sign the path as it is sent.',
    attempts: ({ path }) =>
      path.includes('/.') && URL.canParse(path, 'http://x')
        ? [attempt({ path: canonical(new URL(path, 'http://x').pathname) })]
        : [],
  },
  {
    name: 'path-prefix',
    part: 'path',
    explanation: 'The client signed another begin of the path: %s.',
    remedy: 'Sign the whole path that Signet gets, with what the endpoint or a proxy puts before it.',
    *attempts({ path }) {
      const segments = path.split('/').slice(1);
      for (let left = 1; left <= Math.min(segments.length, 4); left++)
        yield attempt(
          { path: canonical(`/${segments.slice(left).join('/')}`) },
          `without /${segments.slice(0, left).join('/')}`,
        );
      for (const prefix of prefixes) yield attempt({ path: canonical(prefix + path) }, `${prefix} stands before it`);
    },
  },
  {
    name: 'path-case',
    part: 'path',
    explanation: 'The client signed the path in small letters.',
    remedy: 'Sign the path as it is sent, letter for letter.',
    attempts: ({ path }) => [attempt({ path: canonical(path.toLowerCase()) })],
  },
  {
    name: 'url-for-path',
    part: 'path',
    explanation: 'The client signed more than the path in its line: %s.',
    remedy: 'Put the path alone in the second line of the canonical request, and the query alone in the third.',
    *attempts({ path, query, header, request }, { path: signed }) {
      for (const host of distinct([header('host')])) {
        for (const scheme of ['http', 'https'])
          for (const end of [signed, path, closed(request.target)])
            yield attempt({ path: `${scheme}://${host}${end}` }, 'scheme and host too');
      }
      if (query === '') return;
      for (const end of [request.target, `${signed}?${query}`, `${request.target}/`])
        yield attempt({ path: end, query: '' }, 'the query too');
    },
  },
  {
    name: 'other-operation',
    part: 'method and path',
    explanation: 'The client signed %s.',
    remedy: 'Sign the method and the path of the request that is sent.',
    *attempts({ operations }, { method: sent }) {
      for (const [method, path] of operations) {
        yield attempt({ method, path: canonical(path) }, `${method} ${path}`);
        if (method !== sent) yield attempt({ path: canonical(path) }, `the path ${path}`);
      }
    },
  },
  {
    name: 'trailing-slash',
    part: 'end of the path',
    explanation: 'The client signed the path without the slash at its end.',
    remedy: 'In the canonical request the path ends with a slash, also where the path that is sent does not.',
    paired: 1,
    attempts: () => [{ how: '', change: (text) => ({ ...text, path: text.path.replace(/\/$/, '') }) }],
  },
];

/** Of a path that is longer than any of the contract's, nothing is tried. */
export const pathCandidates = rows.map((row): Candidate => ({
  ...row,
  attempts: (subject, expected) => (subject.path.length > LONGEST ? [] : row.attempts(subject, expected)),
}));
