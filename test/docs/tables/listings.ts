/** What `vpcsim get` lists, and its columns. */
import { listingKinds } from '../../../src/analysis/listings.ts';
import { loadWorld } from '../../support/worlds.ts';
import { table } from './table.ts';

export function listings(): string {
  const world = loadWorld('day');
  return table(
    ['`vpcsim get`', 'also', 'columns'],
    listingKinds.map(({ names: [name, ...others], list }) => [
      `\`${name}\``,
      others.map((other) => `\`${other}\``).join(', '),
      list(world)
        .columns.map((column) => column.toLowerCase())
        .join(', '),
    ]),
  );
}
