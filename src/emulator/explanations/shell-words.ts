import { parse } from 'shell-quote';
import { unreadable } from './unreadable.ts';

/** What a shell leaves alone or takes apart: `$'..'`, "..", '..', a backslash with what follows. */
const quoted = /\$'(?:\\[\s\S]|[^\\'])*'|"(?:\\[\s\S]|[^"\\])*"|'[^']*'|\\(?:\r\n|[\s\S])/g;

/**
 * The words of the first command, as a shell would hand them to the program. Nothing is run, and no variable has a value.
 * @throws ServiceError Signet.UnreadableRequest
 */
export function shellWords(text: string): string[] {
  if (/['"]/.test(text.replaceAll(quoted, ''))) throw unreadable('a quote in the command is not closed.');
  // A backslash at the end of a line joins it with the next, but not between single quotes.
  const joined = text.replaceAll(quoted, (part) =>
    part.startsWith('"') ? part.replaceAll(/\\\r?\n/g, '') : /^\\\r?\n$/.test(part) ? '' : part,
  );
  const words: string[] = [];
  for (const entry of entriesOf(joined)) {
    if (typeof entry === 'string') words.push(entry);
    else if ('pattern' in entry) words.push(entry.pattern);
    else if (words.length > 0) break;
  }
  return words;
}

function entriesOf(text: string): ReturnType<typeof parse> {
  try {
    return parse(text, (name) => {
      if (name === '') return undefined;
      throw unreadable(`the value of the shell's variable ${name} is not known here.`);
    });
  } catch (error) {
    throw error instanceof Error && error.message.startsWith('Bad substitution')
      ? unreadable('a substitution in the command is not a variable.')
      : error;
  }
}
