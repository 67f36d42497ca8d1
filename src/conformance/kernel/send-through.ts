/** Sends flows through the lab of a world and reports each. */
import type { World } from '../../index.ts';
import type { Report } from '../report.ts';
import { checkConnections } from './connections.ts';
import type { Coverage } from './coverage.ts';
import type { Asked } from './flows.ts';
import { type StandingLab, withLab } from './lab-run.ts';
import type { Agreed } from './mutate.ts';
import { type Compared, compareFlow } from './round.ts';
import { checkRoutes } from './routes.ts';

export interface Sending {
  readonly world: World;
  readonly asked: readonly Asked[];
  /** What the cases are called: NAME/1, NAME/2, ... */
  readonly name: string;
  readonly report: Report;
  readonly coverage?: Coverage;
  /** What else is to be done while the lab stands. */
  readonly also?: (world: World, standing: StandingLab) => Promise<void>;
}

/** The packets of which model and kernel said the same. */
export async function sendThrough({
  world,
  asked,
  name,
  report,
  coverage,
  also,
}: Sending): Promise<Agreed[]> {
  const agreed: Agreed[] = [];
  try {
    await withLab(world, async (standing) => {
      const all: [string, Compared][] = [];
      for (const [number, each] of asked.entries()) {
        const id = `${name}/${number + 1}`;
        if (!report.wants(id)) continue;
        all.push([id, await compareFlow(world, each, standing)]);
      }
      const compared = all.filter(([, { leftOut }]) => leftOut === undefined).map(([, one]) => one);
      const later = [await checkConnections(compared, standing), await checkRoutes(compared, standing)];
      for (const [id, one] of all) {
        if (one.leftOut !== undefined) {
          report.notApplicable(id, one.leftOut);
          continue;
        }
        const found = [...one.differences, ...later.flatMap((of) => of.get(one) ?? [])];
        const { flow, target } = one.asked;
        const what = `${flow.protocol} ${flow.from} > ${flow.to}${flow.ttl ? ` with TTL ${flow.ttl}` : ''} (${target})`;
        report.ran(id, found.length === 0 ? [] : [what, ...found]);
        coverage?.add(one.asked, one.kernel!);
        if (found.length === 0) agreed.push({ asked: one.asked, kernel: one.kernel! });
      }
      await also?.(world, standing);
    });
  } catch (error) {
    report.ran(name, [error instanceof Error ? error.message : String(error)]);
  }
  return agreed;
}
