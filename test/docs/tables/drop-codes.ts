/** Every drop code, by area: a table of them all, and for each what causes it and where to look. */
import { allDrops, type DropDefinition } from '../../../src/trace/vocabulary.ts';
import '../../../src/world/devices.ts';
import { prose, table } from './table.ts';

export function dropCodes(): string {
  const drops = allDrops();
  const areas = [...new Set(drops.map(areaOf))];
  const overview = table(
    ['Code', 'What it says', 'AWS'],
    drops.map(({ code, means, aws }) => [
      `[\`${code}\`](#${anchorOf(code)})`,
      prose(means),
      aws ? `\`${aws}\`` : '',
    ]),
  );
  const sections = areas.map((area) =>
    [`## ${area}`, ...drops.filter((drop) => areaOf(drop) === area).map(section)].join('\n\n'),
  );
  return [overview, ...sections].join('\n\n');
}

const areaOf = ({ code }: DropDefinition): string => code.slice(0, code.indexOf('/'));

/** As GitHub makes it of the heading. */
export const anchorOf = (code: string): string => code.replace('/', '');

function section({ code, means, aws, causes, look }: DropDefinition): string {
  const list = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [`${title}\n\n${lines.map((line) => `- ${prose(line)}`).join('\n')}`];
  return [
    `### \`${code}\``,
    prose(means) + (aws ? ` AWS: \`${aws}\`.` : ''),
    ...list('Usual causes:', causes),
    ...list('Where to look:', look),
  ].join('\n\n');
}
