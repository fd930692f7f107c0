import type { Command } from './command.ts';
import type { OptionName } from './options.ts';

/** For commands that ask a running Signet as its admin. */
const admin = ['url', 'admin-token'] as const satisfies readonly OptionName[];
/** For those that look at one project, with a token where one is given. */
const project = ['url', 'project', 'token', 'admin-token'] as const satisfies readonly OptionName[];
const signing = ['key', 'algorithm', 'digest'] as const satisfies readonly OptionName[];

/** Every command, in the order of the help. */
const table = {
  start: {
    help: 'start; so does `signet` alone',
    takesSettings: true,
    more: 'SIGTERM and SIGINT let it answer what is under way. With --workers, SIGHUP renews them one by one.',
    load: async () => (await import('./start.ts')).start,
  },
  health: {
    help: 'ask whether a running Signet takes requests; exits 0 or 1',
    options: ['url'],
    takesSettings: true,
    more: 'Where neither --url nor SIGNET_URL says where it is, the settings host and port do; --host and --port count more than SIGNET_URL.',
    load: async () => (await import('./health.ts')).health,
  },
  wait: {
    help: 'wait until a running Signet takes requests; exits 0 or 1',
    options: ['url', 'timeout'],
    load: async () => (await import('./wait.ts')).wait,
  },
  env: {
    help: 'print the variables that point SDKs and this command at Signet',
    options: [...admin, 'shell', 'isolated'],
    more: 'In a shell: eval "$(signet env)". Without --isolated they are those of the default seed, and nobody is asked.',
    load: async () => (await import('./env.ts')).env,
  },
  'seed check': {
    help: 'tell every mistake in a seed, with its line',
    words: ['<file|->'],
    load: async () => (await import('./seed-check.ts')).seedCheck,
  },
  keys: {
    help: 'list the keys of a project',
    options: project,
    load: async () => (await import('./keys.ts')).keys,
  },
  sign: {
    help: 'sign a file; prints the signature in Base64',
    words: ['<file|->'],
    options: [...project, ...signing, 'raw'],
    required: ['key'],
    load: async () => (await import('./sign.ts')).sign,
  },
  verify: {
    help: 'check a signature over a file; exits 0 when it is valid, 1 when it is not',
    words: ['<file|->'],
    options: [...project, ...signing, 'signature'],
    required: ['key', 'signature'],
    load: async () => (await import('./verify.ts')).verify,
  },
  explain: {
    help: 'tell why a request is refused: its text, or the curl command that sends it; exits 0 when nothing refuses it',
    words: ['[file|-]'],
    options: ['url', 'token', 'admin-token', 'request-id', 'json'],
    more: 'Exits 1 when its credential, another check or the operation itself refuses it. That kms.verify says invalid is an answer: 0, with the cause.',
    load: async () => (await import('./explain.ts')).explain,
  },
  journal: {
    help: 'list the last requests, the newest one last; of one project with its token',
    options: [...project, 'follow', 'operation', 'outcome', 'limit', 'json'],
    flagOnly: ['project', 'token'],
    load: async () => (await import('./journal.ts')).journal,
  },
  'oci keygen': {
    help: 'make a key pair for OCI, with its block of ~/.oci/config',
    options: ['bits', 'format', 'passphrase', 'no-label', 'tenancy', 'user', 'region', 'out', 'force'],
    flagOnly: ['passphrase'],
    more: 'Writes oci_api_key.pem and oci_api_key_public.pem, as the documented openssl commands do; what it prints can be appended to ~/.oci/config. Signet knows the key once the public half is uploaded.',
    load: async () => (await import('./oci-keygen.ts')).ociKeygen,
  },
  reset: {
    help: 'begin again with the seed; all of it, or one project',
    options: [...admin, 'project', 'to'],
    flagOnly: ['project'],
    load: async () => (await import('./state.ts')).reset,
  },
  'snapshot list': {
    help: 'list the named snapshots',
    options: admin,
    load: async () => (await import('./state.ts')).snapshotList,
  },
  'snapshot save': {
    help: 'keep the present state under a name',
    words: ['<name>'],
    options: admin,
    load: async () => (await import('./state.ts')).snapshotSave,
  },
  'snapshot restore': {
    help: 'go back to a snapshot',
    words: ['<name>'],
    options: admin,
    load: async () => (await import('./state.ts')).snapshotRestore,
  },
  'snapshot delete': {
    help: 'forget a snapshot',
    words: ['<name>'],
    options: admin,
    load: async () => (await import('./state.ts')).snapshotDelete,
  },
  'snapshot export': {
    help: 'print the whole state, or one project, key material included',
    options: [...admin, 'project', 'passphrase'],
    flagOnly: ['project'],
    load: async () => (await import('./state.ts')).snapshotExport,
  },
  'snapshot import': {
    help: 'put what was exported in the place of the present state',
    words: ['<file|->'],
    options: [...admin, 'passphrase'],
    load: async () => (await import('./state.ts')).snapshotImport,
  },
  rekey: {
    help: 'give a state that is sealed a new master key',
    options: ['new-master-key'],
    takesSettings: true,
    more: 'Of the settings it takes database-url and master-key, the present one. Where the key lies in a file beside the database, that file gets the new one: a random one, where none is given. No Signet may be at work on the database. A key on the command line can be seen by others on the machine; in a variable it cannot.',
    load: async () => (await import('./rekey.ts')).rekey,
  },
  clock: {
    help: 'tell what time it is for everything that ages',
    options: admin,
    load: async () => (await import('./clock.ts')).clock,
  },
  'clock advance': {
    help: 'move the clock ahead, and tell what fell due',
    options: [...admin, 'days', 'hours', 'minutes', 'seconds'],
    load: async () => (await import('./clock.ts')).clockAdvance,
  },
  'clock set': {
    help: 'set the clock to an instant such as 2030-01-31T12:00:00Z',
    words: ['<instant>'],
    options: admin,
    load: async () => (await import('./clock.ts')).clockSet,
  },
  'clock freeze': {
    help: 'let the clock stand still',
    options: admin,
    load: async () => (await import('./clock.ts')).clockFreeze,
  },
  'clock resume': {
    help: 'let it run on from where it stands',
    options: admin,
    load: async () => (await import('./clock.ts')).clockResume,
  },
  'clock reset': {
    help: 'back to the real time, running',
    options: admin,
    load: async () => (await import('./clock.ts')).clockReset,
  },
  faults: {
    help: 'list the fault rules',
    options: admin,
    load: async () => (await import('./faults.ts')).faults,
  },
  'faults add': {
    help: 'add fault rules: one, or a list, in YAML or JSON',
    words: ['<file|->'],
    options: admin,
    load: async () => (await import('./faults.ts')).faultsAdd,
  },
  'faults clear': {
    help: 'remove all fault rules',
    options: admin,
    load: async () => (await import('./faults.ts')).faultsClear,
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof table;
export const commands: Readonly<Record<CommandName, Command>> = table;
export const commandNames = Object.keys(table) as CommandName[];
