import { parseArgs } from 'node:util';
import { variableFor, type Command, type Given, type Source } from './commands/command.ts';
import { suggestion } from './nearest.ts';
import { optionNames, options, type OptionName, type Values } from './commands/options.ts';
import { commandNames, commands, type CommandName } from './commands/table.ts';
import { flagOf, readSettings, settingNames, SettingsError, variableOf, type Given as GivenSetting } from './config.ts';

export type CommandLine =
  | { readonly wanted: 'version' }
  /** `command` is undefined where none is named, or none that there is. */
  | { readonly wanted: 'help'; readonly command: CommandName | undefined }
  | { readonly wanted: 'run'; readonly command: CommandName; readonly given: Given };

const settingFlags = settingNames.map(flagOf);
const isFlag = (name: string): boolean =>
  optionNames.some((known) => known === name && options[known].placeholder === '');

/** All that any command takes: what a word after a flag is can be told only when one knows whether the flag has a value. */
const known = {
  ...Object.fromEntries(settingFlags.map((flag) => [flag, { type: 'string' }] as const)),
  ...Object.fromEntries(optionNames.map((name) => [name, { type: isFlag(name) ? 'boolean' : 'string' }] as const)),
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const knownVariables = [
  ...settingNames.map(variableOf),
  ...optionNames.map((name) => options[name].variable).filter(Boolean),
];

/**
 * Reads flags before variables before defaults.
 * @throws SettingsError naming every mistake at once
 */
export function readCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv): CommandLine {
  const { values, tokens } = parseArgs({
    ...{ args: [...args], options: known, strict: false, allowPositionals: true, tokens: true },
  });
  const said = wordsAmong(tokens);
  const found = findCommand(said);
  if (values.help === true) return { wanted: 'help', command: said.length === 0 ? undefined : found?.name };
  if (values.version === true && said.length === 0) return { wanted: 'version' };
  if (found === undefined) throw new SettingsError(noSuchCommand(said));
  const { name, command, words } = found;
  const mistakes = [
    ...wordMistakes(name, command, words),
    ...flagMistakes(command, tokens),
    ...Object.keys(environment)
      .filter((variable) => variable.startsWith('SIGNET_') && !knownVariables.includes(variable))
      .map((variable) => `${variable}: there is no such setting${suggestion(variable, knownVariables)}`),
  ];
  const given = {
    words,
    values: readValues(command, values, environment, mistakes),
    sources: sourcesOf(command, values, environment),
  };
  const settings = command.takesSettings ? givenSettings(values, environment) : {};
  return { wanted: 'run', command: name, given: { ...given, settings: readSettings(settings, mistakes) } };
}

type Token = NonNullable<ReturnType<typeof parseArgs>['tokens']>[number];

/** Without those that come after a flag that nobody knows: they may be its value. */
const wordsAmong = (tokens: readonly Token[]): string[] =>
  tokens.flatMap((token, index) => {
    const before = tokens[index - 1];
    const isValue = before?.kind === 'option' && before.value === undefined && !Object.hasOwn(known, before.name);
    return token.kind === 'positional' && !isValue ? [token.value] : [];
  });

/** The one with the longest name that the words begin with: `clock set` before `clock`. */
function findCommand(said: readonly string[]) {
  if (said.length === 0) return { name: 'start' as const, command: commands.start, words: [] as string[] };
  const lengths = [2, 1].filter((length) => length <= said.length);
  const candidates = lengths.flatMap((length) => {
    const name = commandNames.find((known) => known === said.slice(0, length).join(' '));
    return name === undefined ? [] : [{ name, command: commands[name], words: said.slice(length) }];
  });
  return candidates[0];
}

function noSuchCommand([first = '', second]: readonly string[]): string {
  const both = second === undefined ? first : `${first} ${second}`;
  const longer = commandNames.filter((name) => name.startsWith(`${first} `));
  if (longer.length > 0) return `${both}: which one? ${longer.join(', ')}`;
  return `${first}: there is no such command${suggestion(both, commandNames) || suggestion(first, commandNames)}`;
}

function flagMistakes({ options: taken = [], takesSettings = false }: Command, tokens: readonly Token[]): string[] {
  const flags = [...taken, ...(takesSettings ? settingFlags : [])].map((flag) => `--${flag}`);
  return tokens.flatMap((token) => {
    if (token.kind !== 'option') return [];
    const { name, rawName, value } = token;
    if (!flags.includes(`--${name}`)) {
      const isAddress = ['host', 'port'].includes(name) && taken.includes('url');
      const meant = isAddress ? '; did you mean --url?' : suggestion(`--${name}`, flags);
      return [`${rawName}: there is no such flag${meant}`];
    }
    if (isFlag(name)) return value === undefined ? [] : [`${rawName}: it takes no value`];
    return value === undefined ? [`${rawName}: a value is missing`] : [];
  });
}

function wordMistakes(name: string, { words: wanted = [] }: Command, words: readonly string[]): string[] {
  const missing = wanted.slice(words.length).filter((word) => word.startsWith('<'));
  return [
    ...missing.map((word) => `${word}: ${name} wants one`),
    ...words.slice(wanted.length).map((word) => {
      const longer = commandNames.filter((other) => other.startsWith(`${name} `));
      return `${word}: ${name} does not take it${suggestion(`${name} ${word}`, longer)}`;
    }),
  ];
}

type Parsed = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function readValues(command: Command, values: Parsed, environment: NodeJS.ProcessEnv, mistakes: string[]): Values {
  const { options: taken = [], required = [] } = command;
  const read = (name: OptionName): unknown => {
    const { default: fallback, placeholder, read: readText } = options[name];
    const variable = variableFor(command, name);
    const flag = values[name];
    if (!taken.includes(name) || flag === true) return taken.includes(name) && isFlag(name) ? true : fallback;
    const text = typeof flag === 'string' ? flag : (environment[variable] ?? '');
    if (text === '') {
      if (flag === '') mistakes.push(`--${name}: a value is missing`);
      else if (required.includes(name)) mistakes.push(`--${name}: it is missing`);
      return fallback;
    }
    const value = readText(text);
    const source = typeof flag === 'string' ? `--${name}` : variable;
    if (value === undefined) mistakes.push(`${source}: ${JSON.stringify(text)} will not do; ${placeholder}`);
    return value;
  };
  return Object.fromEntries(optionNames.map((name) => [name, read(name)])) as unknown as Values;
}

const givenSettings = (values: Parsed, environment: NodeJS.ProcessEnv) =>
  Object.fromEntries(
    settingNames.map((name): [string, GivenSetting] => {
      const flag = values[flagOf(name)];
      if (typeof flag === 'string') return [name, { source: `--${flagOf(name)}`, text: flag }];
      return [name, { source: variableOf(name), text: environment[variableOf(name)] ?? '' }];
    }),
  );

function sourcesOf(command: Command, values: Parsed, environment: NodeJS.ProcessEnv): Given['sources'] {
  const variables = [
    ...(command.options ?? []).map((name) => [name, variableFor(command, name)] as const),
    ...(command.takesSettings === true ? settingNames : []).map((name) => [flagOf(name), variableOf(name)] as const),
  ];
  return Object.fromEntries(
    variables.flatMap(([flag, variable]): [string, Source][] => {
      if (values[flag] !== undefined && values[flag] !== '') return [[flag, 'flag']];
      return (environment[variable] ?? '') === '' ? [] : [[flag, 'variable']];
    }),
  );
}
