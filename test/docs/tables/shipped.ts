/** The topologies that come with the program: what each says of itself in its first lines, and its variants. */
import { readFileSync } from 'node:fs';
import { shippedNames } from '../../support/shipped.ts';
import { loadShipped } from '../../support/worlds.ts';
import { table } from './table.ts';

export function shippedTopologies(): string {
  return table(
    ['`-t`', 'What it is', 'Variants'],
    shippedNames.map((name) => [
      `\`${name}\``,
      headOf(readFileSync(new URL(`../../../topologies/${name}.yaml`, import.meta.url), 'utf8')),
      loadShipped(name)
        .variants.map((variant) => `\`${variant}\``)
        .join(', '),
    ]),
  );
}

/** The comment at the top of the file. */
function headOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return lines
    .slice(0, end)
    .map((line) => line.replace(/^# ?/, ''))
    .join(' ');
}
