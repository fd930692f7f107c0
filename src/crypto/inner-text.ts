/** Without blanks and line breaks at either end; by hand, since a pattern takes long for many of them. */
export function innerText(text: string): string {
  let begin = 0;
  let end = text.length;
  while (begin < end && ' \t\r\n'.includes(text.charAt(begin))) begin++;
  while (end > begin && ' \t\r\n'.includes(text.charAt(end - 1))) end--;
  return text.slice(begin, end);
}
