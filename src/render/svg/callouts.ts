/** What a callout says: the blockers of a scene, alike ones once, with the stop at which they stand. */
import type { Blocker, Trace } from '../../trace/trace.ts';
import { nameOf } from '../fate.ts';
import type { Scene, Stop } from '../scene.ts';
import { labelLines, NORMAL, SMALL, textWidth } from './metrics.ts';

/** More are counted in the footer. */
const MOST_CALLOUTS = 3;
const LETTERS = 58;

export interface CalloutLine {
  readonly label: string;
  readonly text: string;
}

export interface Callout {
  readonly stop: Stop;
  readonly title: string;
  readonly lines: readonly CalloutLine[];
  readonly width: number;
  readonly height: number;
}

export function calloutsOf(
  trace: Trace,
  scene: Scene,
): { readonly callouts: readonly Callout[]; readonly more: number } {
  const told = new Map<string, { blocker: Blocker; stop: Stop }>();
  for (const blocker of trace.blockers) {
    const stop = stopOf(blocker, scene);
    // The nodes of one load balancer say the same in every zone.
    const key = [blocker.code, blocker.direction, blocker.because, blocker.fix].join('\n');
    if (stop && !told.has(key)) told.set(key, { blocker, stop });
  }
  const all = [...told.values()];
  return {
    callouts: all.slice(0, MOST_CALLOUTS).map(({ blocker, stop }) => calloutOf(blocker, stop)),
    more: Math.max(0, all.length - MOST_CALLOUTS),
  };
}

function stopOf(blocker: Blocker, scene: Scene): Stop | undefined {
  const lane = scene.lanes.find((one) => one.path.id === blocker.path);
  if (!lane) return undefined;
  if (blocker.direction === 'forward')
    return (
      lane.stops.find((stop) => stop.hops.some((hop) => hop.n === blocker.hop)) ??
      // The end of a loop is drawn where its first round ends.
      (blocker.code === lane.path.code
        ? lane.stops.at(-1)
        : lane.stops.findLast((stop) => stop.hops.some((hop) => nameOf(hop) === blocker.device)))
    );
  return lane.replies
    .flatMap((run) => run.stops)
    .find(({ hops }) => hops.some((hop) => hop.n === blocker.hop))?.stop;
}

function calloutOf(blocker: Blocker, stop: Stop): Callout {
  const row = (label: string, text: string | undefined): readonly CalloutLine[] =>
    text === undefined
      ? []
      : labelLines(text, LETTERS, 3).map((line, i) => ({ label: i === 0 ? label : '', text: line }));
  const title = `${blocker.code}  hop ${blocker.hop ?? '-'}`;
  const lines = [
    ...row('why', blocker.because),
    ...row('rule', blocker.rule),
    ...row('nearest', blocker.nearest),
    ...row('fix', blocker.fixChecked?.result === 'not-enough' ? undefined : blocker.fix),
  ];
  const widest = lines.reduce(
    (most, line) => Math.max(most, textWidth(line.text, SMALL) + 52),
    textWidth(title, NORMAL, true),
  );
  return { stop, title, lines, width: widest + 28, height: 30 + lines.length * 15 + 6 };
}
