/** The legend: signs of what is on the sheet, and no others. */
import {
  blockLetters,
  type CapacityReport,
  type CapacityUse,
  capacityUses,
} from '../../analysis/capacity/report.ts';
import { type Block, block, type Mark, writing } from '../map/block.ts';
import { widthOf } from '../map/fit.ts';
import { flow } from '../map/flow.ts';
import { type BlockLetter, cellLooks, mappedSubnets } from './block-map.ts';
import { peaksOf } from './peak-marks.ts';
import { stackOf } from './stack.ts';
import { useLooks } from './uses.ts';
import { peakLetters, peakWords } from './words.ts';

type Sign = readonly [marks: readonly Mark[], text: string];

export function useLegend(report: CapacityReport, width: number): Block {
  const present = new Set<CapacityUse>([
    ...report.subnets.flatMap(({ lines }) => lines.map(({ use }) => use)),
    ...(report.scenario?.after.subnets ?? []).flatMap(({ lines }) => lines.map(({ use }) => use)),
    ...(report.growth?.timeline ?? []).flatMap(({ subnets }) =>
      subnets.flatMap(({ lines }) => lines.map(({ use }) => use)),
    ),
  ]);
  const uses = (Object.keys(capacityUses) as CapacityUse[]).filter((use) => present.has(use));
  const kinds = new Set(
    report.subnets.flatMap((subnet) => peaksOf(report, subnet).map(({ peak }) => peak.kind)),
  );
  const rows = [
    signs(
      'each bar is one whole subnet:',
      uses.map((use): Sign => [swatch(use), capacityUses[use]]),
      width,
    ),
    signs(
      'how full it gets:',
      [...kinds].sort().map((kind): Sign => [triangle(peakLetters[kind]), peakWords[kind]]),
      width,
    ),
  ].filter((row) => row !== undefined);
  return stackOf('legend', width, rows, 8);
}

export function blockLegend(report: CapacityReport, width: number): Block | undefined {
  const letters = new Set(mappedSubnets(report).flatMap(({ prefixes }) => [...prefixes.map]));
  const shown = (Object.keys(blockLetters) as BlockLetter[]).filter((letter) => letters.has(letter));
  return signs(
    '',
    shown.map((letter): Sign => [cell(letter), blockLetters[letter]]),
    width,
  );
}

function signs(title: string, all: readonly Sign[], width: number): Block | undefined {
  if (all.length === 0) return undefined;
  const heading = block({
    id: 'legend/title',
    width: Math.ceil(widthOf(title, 'small strong')) + (title === '' ? 0 : 4),
    height: 17,
    marks: [writing(title, 0, 12, 'small strong')],
  });
  const items = all.map(([marks, text]) =>
    block({
      id: `legend/${text}`,
      width: Math.ceil(widthOf(text, 'small')) + 28,
      height: 17,
      marks: [...marks, writing(text, 24, 12, 'small quiet')],
    }),
  );
  const placed = flow(title === '' ? items : [heading, ...items], width, { gap: 14, rowGap: 3 });
  return block({ id: 'legend/row', width, height: placed.height, children: placed.blocks });
}

function swatch(use: CapacityUse): Mark[] {
  const place = { kind: 'rect', x: 0, y: 2, width: 18, height: 12 } as const;
  const { hatch } = useLooks[use];
  return [
    { ...place, look: `use-${use}` },
    ...(hatch === 'none' ? [] : [{ ...place, look: `hatch-${hatch}` }]),
    { ...place, look: 'bar-edge' },
  ];
}

function triangle(letter: string): Mark[] {
  return [
    { kind: 'path', d: 'M5,3l5,8h-10z', look: 'mark' },
    writing(letter, 16, 12, 'small strong', 'middle'),
  ];
}

function cell(letter: BlockLetter): Mark[] {
  const { look, ink } = cellLooks[letter];
  return [
    { kind: 'rect', x: 2, y: 1, width: 15, height: 15, look },
    ...(letter === '.' ? [] : [writing(letter, 9.5, 12, `small ${ink}`, 'middle')]),
  ];
}
