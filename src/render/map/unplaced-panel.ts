/** The panel of pods that have no address, with the scheduler's or the CNI's reason. */
import { labelLines } from '../svg/metrics.ts';
import { type Block, block, type Mark, writing } from './block.ts';
import { counted, fit } from './fit.ts';
import type { Unplaced } from './unplaced.ts';

const LINE = 15;
const PAD = 12;
const MOST_WAITING = 8;
const REASON_LINES = 4;
/** Pixels that a letter of small text takes at most, on average. */
const LETTER = 6.3;

export function unplacedPanel(unplaced: readonly Unplaced[], width: number): Block {
  const total = unplaced.reduce((sum, { pods }) => sum + pods.length, 0);
  const shown = unplaced.slice(0, unplaced.length > MOST_WAITING + 1 ? MOST_WAITING : undefined);
  const room = width - 2 * PAD;
  const marks: Mark[] = [writing(`${counted(total, 'pod')} without an address`, PAD, 20, 'strong')];
  let y = 26;
  const children: Block[] = [];
  for (const entry of shown) {
    const count = entry.pods.length > 1 ? ` (${entry.pods.length} pods)` : '';
    const where = entry.node === undefined ? '' : `  on ${entry.node}`;
    const head = `${entry.phase}  ${entry.who}${count}${where}`;
    const lines = labelLines(entry.reason, Math.floor(room / LETTER), REASON_LINES);
    const height = 20 + lines.length * LINE;
    children.push(
      block({
        id: `unplaced/${entry.pods[0]}`,
        x: PAD,
        y,
        width: room,
        height,
        marks: [
          writing(fit([head], 'small strong', room - 8), 0, 13, 'small strong'),
          ...lines.map((line, i) =>
            writing(fit([line], 'small quiet', room), 0, 28 + i * LINE, 'small quiet'),
          ),
        ],
        tip: [...entry.pods, entry.reason].join('\n'),
      }),
    );
    y += height;
  }
  const more = unplaced.length - shown.length;
  if (more > 0) {
    const rest = unplaced.slice(MOST_WAITING).reduce((sum, { pods }) => sum + pods.length, 0);
    marks.push(writing(`and ${counted(rest, 'pod')} more`, PAD, y + 13, 'small quiet'));
    y += LINE;
  }
  return block({
    id: 'panel/unplaced',
    look: 'card edge-blocked named',
    width,
    height: y + 8,
    marks,
    children,
  });
}
