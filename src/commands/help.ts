import { readFile } from 'node:fs/promises';
import { describeSettings } from '../config.ts';
import { packaged } from '../emulator/packaged.ts';
import { variableFor, type Command } from './command.ts';
import { options, type OptionName } from './options.ts';
import { commands, type CommandName } from './table.ts';

export async function versionText(): Promise<string> {
  const { version } = JSON.parse(await readFile(packaged('package.json'), 'utf8')) as { version: string };
  return `${version}\n`;
}

/** Of one command, or of everything in short. */
export function helpText(name: CommandName | undefined): string {
  return name === undefined ? helpForAll() : helpFor(name, commands[name]);
}

const helpForAll =
  (): string => `signet: a local stand-in for cloud signing services. It holds test keys; it is no production KMS.

${Object.entries(commands)
  .map(([name, command]) => `  ${usage(name, command).padEnd(32)} ${command.help}`)
  .join('\n')}

  signet <command> --help          tell what it takes
  signet --version                 tell which Signet this is

Settings for the start, as a flag or in the environment:
${describeSettings()}
`;

function helpFor(name: string, command: Command): string {
  const { options: taken = [], required = [], takesSettings = false, more } = command;
  const needed = required.map((option) => ` --${option} ${options[option].placeholder}`).join('');
  const optional = taken.filter((option) => !required.includes(option));
  const hasMore = optional.length > 0 || takesSettings;
  return [
    `${usage(name, command)}${needed}${hasMore ? ' [options]' : ''}`,
    `  ${command.help}`,
    ...(more === undefined ? [] : [`  ${more}`]),
    ...(taken.length === 0 ? [] : ['', ...[...required, ...optional].map((option) => describeOption(command, option))]),
    ...(takesSettings ? ['', 'Settings, as a flag or in the environment:', describeSettings()] : []),
    '',
  ].join('\n');
}

const usage = (name: string, { words = [] }: Command): string => ['signet', name, ...words].join(' ');

function describeOption(command: Command, name: OptionName): string {
  const { placeholder, help, default: fallback } = options[name];
  const shown = fallback === undefined || fallback === false ? '' : ` (${String(fallback)})`;
  return `  ${`--${name} ${placeholder}`.padEnd(32)} ${variableFor(command, name).padEnd(18)} ${help}${shown}`;
}
