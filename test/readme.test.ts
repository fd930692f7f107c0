import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { describeSettings } from '../src/config.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('lists every setting as --help does', () => {
  expect(readme).toContain(`\n\`\`\`text\n${describeSettings()}\n\`\`\`\n`);
});
