import type { Subject } from './candidate.ts';
import { projectIn } from './path-candidates.ts';

/** Content types that clients sign or HTTP libraries put in their place. */
const contentTypes = (sent: string): string[] => {
  const bare = (sent.split(';')[0] ?? '').trim();
  const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded'];
  const charsets = [
    '',
    ';charset=utf-8',
    '; charset=utf-8',
    ';charset=UTF-8',
    '; charset=UTF-8',
    ';charset=utf8',
    '; charset=utf8',
  ];
  return [
    ...charsets.map((charset) => bare + charset),
    '',
    ...types.flatMap((type) => charsets.map((charset) => type + charset)),
    ...['application/octet-stream', '*/*', `${bare}, ${bare}`, `${bare},${bare}`],
  ];
};

/** What the SDKs and HTTP libraries call themselves. Source: the SDKs' sources and what they were seen to send. */
const userAgents = [
  ...[
    'huaweicloud-usdk-nodejs/3.0',
    'huaweicloud-usdk-python/3.0',
    'huaweicloud-usdk-go/3.0',
    'huaweicloud-usdk-java/3.0',
  ],
  ...[
    'golangsdk/2.0.0',
    'gophertelekomcloud',
    'Go-http-client/1.1',
    'axios/1.7.2',
    'python-requests/2.31.0',
    'node',
    'okhttp/3.14.9',
  ],
];

/** Values that a header may have had when it was signed, by its name. */
const values: ReadonlyMap<string, (sent: string, subject: Subject) => readonly string[]> = new Map(
  Object.entries<(sent: string, subject: Subject) => readonly string[]>({
    'content-type': contentTypes,
    accept: () => [
      '*/*',
      'application/json',
      'application/json, text/plain, */*',
      'application/json, */*',
      'application/json;charset=UTF-8',
    ],
    'accept-encoding': () => [
      'gzip',
      'gzip, deflate',
      'gzip, deflate, br',
      'gzip,deflate',
      'identity',
      'gzip, deflate, br, zstd',
      'gzip, compress, deflate, br',
    ],
    connection: () => ['keep-alive', 'close', 'Keep-Alive', 'upgrade'],
    'user-agent': (sent) => [...userAgents, ...(/^(.*?)[ ;,]/.exec(sent)?.slice(1) ?? [])],
    'content-length': (_, { request: { body } }) => [`${body.length}`, '0', `${body.length + 1}`, `${body.length - 1}`],
    'x-project-id': (_, subject) => [projectIn(subject), ...subject.projectIds],
    'x-domain-id': (_, { domainId }) => [domainId],
    'transfer-encoding': () => ['chunked', 'identity'],
    expect: () => ['100-continue'],
    'x-sdk-content-sha256': () => ['UNSIGNED-PAYLOAD'],
    'accept-language': () => ['*', 'en-us', 'en-US'],
    'x-language': () => ['en-us', 'zh-cn'],
  }),
);

export const usualValues = (name: string, sent: string, subject: Subject): readonly string[] =>
  values.get(name)?.(sent, subject) ?? [];
