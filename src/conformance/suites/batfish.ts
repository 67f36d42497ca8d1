/** Suite `batfish`: dumps of AWS accounts, and what Batfish's own tests assert of flows through them: where each ends,
 *  which component decides, which way it and its answer take, what is translated. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  buildWorld,
  type Flow,
  findPacket,
  InputError,
  importAws,
  type Parsed,
  packetText,
  trace,
  type World,
} from '../../index.ts';
import { readCases } from '../cases-file.ts';
import type { Report } from '../report.ts';
import type { Suite } from '../suite.ts';
import { differences } from './batfish-compare.ts';
import { expectations, type FlowCase } from './batfish-format.ts';

export const batfish: Suite = {
  name: 'batfish',
  summary: 'flows through dumps of AWS accounts, with what the tests of Batfish assert of them',
  options: {},
  run({ cases: path }, report) {
    if (path === undefined)
      throw new InputError([
        {
          severity: 'error',
          code: 'usage/no-cases',
          message: 'the suite batfish has no cases of its own',
          hint: '--cases FILE names an expectations.json with the folders of its fixtures beside it',
        },
      ]);
    for (const { dir, flows, derivedFlows = [] } of readCases(path, expectations).fixtures) {
      const wanted = [...flows, ...derivedFlows].filter(({ id }) => report.wants(id));
      if (wanted.length === 0) continue;
      const world = worldOf(join(dirname(path), dir));
      for (const one of wanted)
        if (one.dst.ip === 'any') prove(world, one, report);
        else replay(world, one, report);
    }
  },
};

function worldOf(folder: string): World {
  const files = filesBelow(folder)
    .filter((path) => path.endsWith('.json'))
    .sort()
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
  return must(buildWorld(must(importAws(files))));
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)],
    );
  } catch (error) {
    const { message } = error as Error;
    throw new InputError([{ severity: 'error', code: 'io/not-found', message: `no fixture: ${message}` }]);
  }
}

function must<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new InputError(parsed.issues);
  return parsed.value;
}

/** A packet to an address of AWS that the account does not have. Batfish knows AWS's published ranges and drops what no
 *  dump has there; the ranges say who announces an address, not who holds it (docs/fidelity.md). */
const elsewhereInAws = {
  hops: 'internet > aws-backbone',
  disposition: 'NULL_ROUTED',
  reason: 'an address of AWS that the dumps do not have: who else holds it is not known (docs/fidelity.md)',
};

/** The flow of the case, and where it has one the TCP flow of the same fate. */
function replay(world: World, one: FlowCase, report: Report): void {
  const { hops = [], disposition } = one.expect;
  if (hops.join(' > ') === elsewhereInAws.hops && disposition === elsewhereInAws.disposition) {
    // All else that Batfish asserts of it holds here as well: it meets nothing of the account.
    const rest = run(world, { ...one, expect: { ...one.expect, disposition: 'EXITS_NETWORK' } }, {});
    if (rest.length > 0) report.ran(one.id, rest);
    else report.notApplicable(one.id, elsewhereInAws.reason);
    return;
  }
  const port = one.equivalentTcp?.dstPort;
  report.ran(one.id, [
    ...run(world, one, {}),
    ...(port === undefined
      ? []
      : run(world, one, { protocol: 'tcp', port }).map((text) => `as tcp/${port}: ${text}`)),
  ]);
}

function run(world: World, one: FlowCase, instead: Partial<Flow>): string[] {
  const traced = trace(world, { ...flowOf(one), ...instead });
  if (!traced.ok) return traced.issues.map(({ message }) => message);
  return differences(world, traced.value, one);
}

function flowOf({ src, dst, protocol, srcPort, dstPort }: FlowCase): Flow {
  const ip = src.ip?.split(' ')[0];
  return {
    from: sourceOf(src),
    to: dst.ip ?? `instance/${dst.id}`,
    // "unset(0)", "107(A/N)"
    protocol: /\((\d+)\)/.exec(protocol)?.[1] ?? /^\d+/.exec(protocol)?.[0] ?? protocol,
    ...(ip === undefined ? {} : { sourceIp: ip }),
    ...(srcPort === undefined ? {} : { sourcePort: srcPort }),
    ...(dstPort === undefined ? {} : { port: dstPort }),
  };
}

function sourceOf({ kind, id }: FlowCase['src']): string {
  switch (kind) {
    case 'subnetRouter':
      return `subnet/${id}`;
    case 'vpcRouter':
      return `vpc-router/${id}`;
    case 'internet':
      return 'internet';
    default:
      return `instance/${id}`;
  }
}

/** "Some packet gets there": proven by one that does. */
function prove(world: World, { id, src, dst }: FlowCase, report: Report): void {
  const found = must(findPacket(world, sourceOf(src), `instance/${dst.id}`));
  if (found.packet) report.proved(id, packetText(found.packet));
  else report.ran(id, [`none of the ${found.tried} packets that were tried gets there`]);
}
