/** What the style sheet of the capacity charts has beyond that of the other diagrams. */

import type { Group } from '../svg/paper.ts';
import { dark, light, styleSheet, themed } from '../svg/style.ts';
import { type Hatch, inkOn, useLooks } from './uses.ts';

export function capacityStyleSheet(): string {
  return `${styleSheet()}\n${themed(colors, shape)}`;
}

function colors(side: 'light' | 'dark'): readonly string[] {
  const theme = side === 'light' ? light : dark;
  return [
    ...Object.entries(useLooks).flatMap(([use, look]) => [
      `.use-${use}{fill:${look[side]}}`,
      `.on-${use}{fill:${inkOn(look[side])}}`,
    ]),
    `.bar-edge{stroke:${theme.quiet}}`,
    `.hatch-line{stroke:${theme.sheet}}`,
    `.hatch-dot{fill:${theme.sheet}}`,
    `.panel{stroke:${theme.faint}}`,
    `.grid{stroke:${theme.faint}}`,
    `.axis{stroke:${theme.quiet}}`,
    `.limit{stroke:${theme.ink}}`,
    `.mark{fill:${theme.ink};stroke:${theme.sheet}}`,
    `.mark-short{fill:${theme.blocked};stroke:${theme.sheet}}`,
    `.urgent{fill:${theme.blocked}}`,
    `.soon{fill:${theme.undetermined}}`,
    `.good{fill:${theme.delivered}}`,
    `.end-line,.out-line{stroke:${theme.blocked}}`,
    `.out-ground{stroke:${theme.sheet}}`,
    `.waiting{fill:${theme.blocked}}`,
    `.block-touched{fill:${theme.undetermined}}`,
    `.block-full{fill:${theme.quiet}}`,
    `.block-free{fill:${theme.sheet};stroke:${theme.quiet}}`,
    `.on-sheet{fill:${theme.sheet}}`,
    `.spot:focus{outline-color:${theme.reply}}`,
  ];
}

const shape = [
  '.panel{fill:none;stroke-width:1}',
  '.bar-edge{fill:none;stroke-width:1}',
  '.hatch-line{stroke-width:1.6;opacity:.55}',
  '.hatch-dot{opacity:.7}',
  '.grid,.axis{fill:none;stroke-width:1}',
  '.limit{fill:none;stroke-width:1.5;stroke-dasharray:6 3}',
  '.end-line{fill:none;stroke-width:2}',
  '.out-ground{fill:none;stroke-width:4;opacity:.75}',
  '.out-line{fill:none;stroke-width:1.5;stroke-dasharray:2 3}',
  '.mark,.mark-short{stroke-width:1}',
  '.block-free{stroke-width:.75;stroke-opacity:.7}',
  ...(['rising', 'falling', 'cross', 'dots'] as const).map(
    (name) => `.hatch-${name}{fill:url(#hatch-${name})}`,
  ),
  '.spot:focus{outline-width:2px;outline-style:solid;outline-offset:2px}',
];

/** The hatchings, as patterns that rectangles are filled with once more. */
export function defineHatches(svg: Group): void {
  const defs = svg.append('defs') as unknown as Group;
  for (const [name, draw] of Object.entries(hatches)) {
    const pattern = defs
      .append('pattern')
      .attr('id', `hatch-${name}`)
      .attr('width', 6)
      .attr('height', 6)
      .attr('patternUnits', 'userSpaceOnUse') as unknown as Group;
    draw(pattern);
  }
}

const line = (d: string) => (pattern: Group) =>
  void pattern.append('path').attr('d', d).attr('class', 'hatch-line');

const rising = 'M-1,7L7,-1M-1,1L1,-1M5,7L7,5';
const falling = 'M-1,-1L7,7M5,-1L7,1M-1,5L1,7';

const hatches: Readonly<Record<Exclude<Hatch, 'none'>, (pattern: Group) => void>> = {
  rising: line(rising),
  falling: line(falling),
  cross: line(`${rising}${falling}`),
  dots: (pattern) =>
    void pattern.append('circle').attr('cx', 3).attr('cy', 3).attr('r', 1.2).attr('class', 'hatch-dot'),
};
