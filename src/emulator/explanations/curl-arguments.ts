import { curlOptions, type CurlOption } from './curl-options.ts';
import { unreadable } from './unreadable.ts';

/** An option of a curl command with its value; '' where it takes none. */
export type CurlArgument = readonly [option: CurlOption, value: string];

/** What the words behind `curl` say, in their order; a word by itself is a URL. @throws ServiceError */
export function curlArguments(words: readonly string[]): CurlArgument[] {
  const found: CurlArgument[] = [];
  const rest = words.values();
  const valueOf = (name: string): string => {
    const next = rest.next();
    if (next.done === true) throw unreadable(`curl's option ${name} has no value.`);
    return next.value;
  };
  const take = (name: string, given?: string): boolean => {
    const known = curlOptions.get(name) ?? negated(name);
    if (known === undefined) throw unreadable(`curl's option ${name} is not known here.`);
    if (known.option === 'unknown') throw unreadable(`what curl sends for ${name} shows only when it runs.`);
    found.push([known.option, known.takesValue ? (given === '' ? valueOf(name) : (given ?? valueOf(name))) : '']);
    return known.takesValue;
  };
  for (const word of rest) {
    if (word.startsWith('--') && word !== '--') take(word);
    else if (/^-[^-]/.test(word)) {
      // Letters may stand together, the value of the last one behind them: -sXPOST.
      for (let at = 1; at < word.length; at++) if (take(`-${word.charAt(at)}`, word.slice(at + 1))) break;
    } else if (word !== '--') found.push(['url', word]);
    if (found.at(-1)?.[0] === 'next') break;
  }
  return found;
}

/** curl has a --no- form of its switches. */
const negated = (name: string) => {
  const known = name.startsWith('--no-') ? curlOptions.get(`--${name.slice(5)}`) : undefined;
  return known?.takesValue === false ? ({ option: 'ignored', takesValue: false } as const) : undefined;
};
