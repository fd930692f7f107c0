import { parseArgs } from 'node:util';
import { flagOf, readSettings, settingNames, variableOf, type Given, type Settings } from './config.ts';

export interface CommandLine {
  /** What to do, and with what settings; undefined when help is wanted. */
  readonly run: { readonly command: string; readonly settings: Settings } | undefined;
}

/**
 * Reads flags before variables before defaults.
 * @throws SettingsError naming every mistake at once
 */
export function readCommandLine(args: readonly string[], environment: NodeJS.ProcessEnv): CommandLine {
  const options = Object.fromEntries(settingNames.map((name) => [flagOf(name), { type: 'string' }] as const));
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: { ...options, help: { type: 'boolean', short: 'h' } },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  if (values.help === true) return { run: undefined };
  const [command = 'start', ...surplus] = positionals;
  const flags = new Set(settingNames.map(flagOf));
  const variables = new Set(settingNames.map(variableOf));
  const mistakes = [
    ...surplus.map((word) => `${word}: one command at a time`),
    ...tokens.flatMap((token) => {
      if (token.kind !== 'option') return [];
      if (!flags.has(token.name)) return [`${token.rawName}: there is no such flag`];
      return token.value === undefined ? [`${token.rawName}: a value is missing`] : [];
    }),
    ...Object.keys(environment)
      .filter((variable) => variable.startsWith('SIGNET_') && !variables.has(variable))
      .map((variable) => `${variable}: there is no such setting`),
  ];
  const given = Object.fromEntries(
    settingNames.map((name): [string, Given] => {
      const flag = values[flagOf(name)];
      if (typeof flag === 'string') return [name, { source: `--${flagOf(name)}`, text: flag }];
      return [name, { source: variableOf(name), text: environment[variableOf(name)] ?? '' }];
    }),
  );
  return { run: { command, settings: readSettings(given, mistakes) } };
}
