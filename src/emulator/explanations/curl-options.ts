/** The options of curl that change what is sent, and those that do not. Source: curl's manual page, 8.5. */

export type CurlOption =
  | ('request' | 'header' | 'data' | 'data-raw' | 'data-urlencode' | 'json' | 'get' | 'head' | 'user' | 'cookie')
  | (
      | 'user-agent'
      | 'referer'
      | 'url'
      | 'url-query'
      | 'oauth2-bearer'
      | 'request-target'
      | 'path-as-is'
      | 'next'
      | 'range'
    )
  | ('unknown' | 'ignored');

interface Known {
  readonly option: CurlOption;
  readonly takesValue: boolean;
}

const rows: readonly (readonly [option: CurlOption, takesValue: boolean, ...names: string[]])[] = [
  ['request', true, '-X', '--request'],
  ['header', true, '-H', '--header'],
  ['data', true, '-d', '--data', '--data-ascii', '--data-binary'],
  ['data-raw', true, '--data-raw'],
  ['data-urlencode', true, '--data-urlencode'],
  ['json', true, '--json'],
  ['get', false, '-G', '--get'],
  ['head', false, '-I', '--head'],
  ['user', true, '-u', '--user'],
  ['cookie', true, '-b', '--cookie'],
  ['user-agent', true, '-A', '--user-agent'],
  ['referer', true, '-e', '--referer'],
  ['range', true, '-r', '--range'],
  ['url', true, '--url'],
  ['url-query', true, '--url-query'],
  ['oauth2-bearer', true, '--oauth2-bearer'],
  ['request-target', true, '--request-target'],
  ['path-as-is', false, '--path-as-is'],
  ['next', false, '-:', '--next'],
  // What these send is made or read while curl runs.
  ['unknown', true, '-F', '--form', '--form-string', '-T', '--upload-file', '--aws-sigv4', '-K', '--config'],
  ['unknown', false, '--digest', '--ntlm', '--negotiate', '--anyauth'],
  ...[
    [
      '-s',
      '--silent',
      '-S',
      '--show-error',
      '-i',
      '--include',
      '-v',
      '--verbose',
      '-L',
      '--location',
      '-k',
      '--insecure',
    ],
    [
      '-f',
      '--fail',
      '--fail-with-body',
      '--fail-early',
      '-g',
      '--globoff',
      '-N',
      '--no-buffer',
      '-#',
      '--progress-bar',
    ],
    ['-O', '--remote-name', '-J', '--remote-header-name', '-4', '--ipv4', '-6', '--ipv6', '-q', '--disable', '--basic'],
    ['--no-progress-meter', '--location-trusted', '--compressed', '--raw', '--no-keepalive', '--tcp-nodelay', '-a'],
    ['-0', '--http1.0', '--http1.1', '--http2', '--http2-prior-knowledge', '--http3', '--tlsv1.2', '--tlsv1.3', '-1'],
    ['--ssl', '--ssl-reqd', '--ssl-no-revoke', '--create-dirs', '--tr-encoding', '-Z', '--parallel', '--styled-output'],
    ['--no-styled-output', '--trace-time', '--post301', '--post302', '--post303', '--retry-connrefused', '-R', '-j'],
    ['--retry-all-errors', '--proto-redir-default', '-n', '--netrc', '--netrc-optional', '--no-alpn', '--no-npn'],
  ].map((names) => ['ignored', false, ...names] as const),
  ...[
    ['-o', '--output', '-w', '--write-out', '-m', '--max-time', '--connect-timeout', '--retry', '--retry-delay', '-D'],
    ['--retry-max-time', '--cacert', '--capath', '-E', '--cert', '--key', '--cert-type', '--key-type', '--pass', '-x'],
    [
      '--proxy',
      '--noproxy',
      '-U',
      '--proxy-user',
      '--preproxy',
      '--resolve',
      '--connect-to',
      '--interface',
      '--dump-header',
    ],
    [
      '-c',
      '--cookie-jar',
      '--limit-rate',
      '--max-redirs',
      '--ciphers',
      '--tls-max',
      '--trace',
      '--trace-ascii',
      '--stderr',
    ],
    ['--unix-socket', '--abstract-unix-socket', '--dns-servers', '--doh-url', '--keepalive-time', '-y', '-Y', '-z'],
    ['--proto', '--proto-default', '--output-dir', '--max-filesize', '--expect100-timeout', '--pinnedpubkey', '-P'],
  ].map((names) => ['ignored', true, ...names] as const),
];

export const curlOptions: ReadonlyMap<string, Known> = new Map(
  rows.flatMap(([option, takesValue, ...names]) => names.map((name) => [name, { option, takesValue }] as const)),
);
