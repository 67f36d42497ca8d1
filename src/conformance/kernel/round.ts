/** One round: a world, the lab that stands for it, and flows sent through both. */
import { type Path, trace, type World } from '../../index.ts';
import { differences } from './compare.ts';
import type { KernelFlow } from './driver.ts';
import { type Asked, again } from './flows.ts';
import { entered, kernelTold } from './kernel-walk.ts';
import type { StandingLab } from './lab-run.ts';
import { leftOutBy, modelTold } from './model-walk.ts';
import type { Told } from './walk.ts';

const numbers: Readonly<Record<string, number>> = { icmp: 1, tcp: 6, udp: 17, sctp: 132 };

/** After this long nothing more comes of a packet: all namespaces are on one machine. */
const PATIENCE_MS = 50;
/** Before a difference is believed it is looked at again with more patience. */
const SECOND_PATIENCE_MS = 400;

export interface Compared {
  readonly asked: Asked;
  /** Why it was not compared; then there is nothing else. */
  readonly leftOut?: string | undefined;
  readonly differences: readonly string[];
  /** The path that the kernel took, and how likely the model says that was. */
  readonly path?: Path | undefined;
  readonly paths: readonly Path[];
  /** What the kernel did. */
  readonly kernel?: Told | undefined;
  /** By device: the interfaces by which its kernel took the packet in on its way there, one for each visit. */
  readonly interfaces?: ReadonlyMap<string, readonly string[]> | undefined;
}

/** What the model says of a flow, or why it is not to be compared. */
export function predict(world: World, asked: Asked): readonly Path[] | string {
  const traced = trace(world, asked.flow);
  if (!traced.ok) return `the model cannot be asked: ${traced.issues[0]?.code}`;
  const { paths, unexploredShare, assumptions, notModelled } = traced.value;
  if (unexploredShare > 0) return 'too many branches';
  // Which port a random one is does not matter to the rules of kube-proxy, which ask for single ports.
  const unsure = [...assumptions, ...notModelled].find((text) =>
    /not modelled|whether a rule matches .*--comment r\d/s.test(text),
  );
  if (unsure !== undefined) return `the model is not sure: ${unsure.replace(/:.*/s, '')}`;
  for (const path of paths) {
    const reason = leftOutBy(path);
    if (reason !== undefined) return reason;
  }
  return paths;
}

/** Sends the flow and compares what came of it with each path of the model. */
export async function compareFlow(world: World, asked: Asked, standing: StandingLab): Promise<Compared> {
  const paths = predict(world, asked);
  if (typeof paths === 'string') return { asked, leftOut: paths, differences: [], paths: [] };
  let compared = best(asked, paths, await send(asked, standing, PATIENCE_MS), standing);
  if (compared.differences.length > 0) {
    const second = again(asked);
    const same = predict(world, second);
    if (typeof same !== 'string')
      compared = best(second, same, await send(second, standing, SECOND_PATIENCE_MS), standing);
  }
  return compared;
}

export function send(
  asked: Asked,
  { driver, namespaceOf, known }: StandingLab,
  wait: number,
): Promise<KernelFlow> {
  return driver.flow({
    from: namespaceOf(asked.sender),
    protocol: numbers[asked.flow.protocol]!,
    src: asked.source,
    sport: asked.number,
    dst: asked.destination,
    dport: asked.port,
    ttl: asked.flow.ttl ?? 64,
    wait,
    forget: [...known.keys()].filter((name) => known.get(name)!.device.startsWith('node/')),
  });
}

function best(asked: Asked, paths: readonly Path[], flow: KernelFlow, { known }: StandingLab): Compared {
  const kernel = kernelTold(flow, known);
  const told = paths.map((path) => ({ path, found: differences(modelTold(path), kernel) }));
  told.sort((a, b) => a.found.length - b.found.length);
  const { path, found } = told[0]!;
  return { asked, differences: found, path, paths, kernel, interfaces: entered(flow, known) };
}
