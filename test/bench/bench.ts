/** `npm run bench [-- --json]`: how many hops a second, verdict only, recorded and to JSON; what services cost; how long
 *  worlds take to build. A hop is one device's receive on a real packet; ghosts do not count. */
import { execFileSync } from 'node:child_process';
import { counters } from '../../src/host/netfilter/interpreter.ts';
import { renderJson } from '../../src/render/json.ts';
import { run } from '../../src/trace/engine.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { type PreparedFlow, readFlow } from '../../src/world/flow.ts';
import type { World } from '../../src/world/world.ts';
import { loadWorld } from '../support/worlds.ts';
import { capacityCosts } from './capacity.ts';
import { importCosts } from './import.ts';
import { megabytes } from './memory.ts';
import { endpointsOfAService, largeCluster, podsOnANode, servicesOnANode } from './node-scale.ts';
import { rulesAsText } from './rules-as-text.ts';
import { clusterText, expectedFlows, largeWorld, randomPairs } from './workloads.ts';

const SECONDS = 2;
/** Integers a recorder holds before it is emptied: 40 MB of traces kept. */
const KEPT = 10_000_000;

interface Rate {
  readonly hopsPerSecond: number;
  readonly tracesPerSecond: number;
  readonly evaluationsPerHop: number;
}

type Mode = 'verdict' | 'recorded' | 'json';

function measure(world: World, flows: readonly PreparedFlow[], mode: Mode, seconds = SECONDS): Rate {
  const recorder = new Recorder();
  const recording = mode !== 'verdict';
  // One request a flow, whose source port changes on every walk; nothing that is kept refers to it.
  const varied = flows.map((flow) => ({ ...flow, request: { ...flow.request } }));
  let port = 20_000;
  let hops = 0;
  let traces = 0;
  const round = (): void => {
    for (const flow of varied) {
      port = port === 60_000 ? 20_000 : port + 1;
      flow.request.sourcePort = port;
      if (recorder.length > (mode === 'json' ? 0 : KEPT)) recorder.clear();
      const raw = run(world, flow.request, recorder, recording ? flow.recorded : flow.verdictOnly);
      if (mode === 'json') renderJson(readFlow(world, flow, raw));
      hops += raw.hopCount;
      traces++;
    }
  };
  for (const warm = performance.now(); performance.now() - warm < 500; ) round();
  hops = 0;
  traces = 0;
  const before = counters.ruleEvaluations;
  const start = performance.now();
  while (performance.now() - start < seconds * 1000) round();
  const elapsed = (performance.now() - start) / 1000;
  return {
    hopsPerSecond: Math.round(hops / elapsed),
    tracesPerSecond: Math.round(traces / elapsed),
    evaluationsPerHop: Number(((counters.ruleEvaluations - before) / hops).toFixed(1)),
  };
}

/** The first trace of each flow in a world that has just been built: nothing compiled, nothing warm. */
function cold(): number {
  const world = largeWorld(50, 400, 40);
  const flows = randomPairs(world, 200, 7);
  const recorder = new Recorder();
  let hops = 0;
  const start = performance.now();
  for (const flow of flows) hops += run(world, flow.request, recorder, flow.recorded).hopCount;
  return Math.round(hops / ((performance.now() - start) / 1000));
}

function coldStart(): number {
  const times = Array.from({ length: 7 }, () => {
    const start = performance.now();
    execFileSync(
      process.execPath,
      ['dist/bin/main.js', 'trace', 'pod/dev/client', 'svc/production/day-service:80', '-t', 'day'],
      {
        stdio: 'ignore',
      },
    );
    return performance.now() - start;
  });
  return Math.round(times.sort((a, b) => a - b)[3]!);
}

function builds(): { nodes: number; pods: number; services: number; seconds: number; mb: number }[] {
  return [
    [10, 100, 20],
    [100, 1000, 200],
    [1000, 5000, 1000],
  ].map(([nodes, pods, services]) => {
    clusterText(nodes!, pods!, services!);
    const before = megabytes();
    const start = performance.now();
    const world = largeWorld(nodes!, pods!, services!);
    const seconds = Number(((performance.now() - start) / 1000).toFixed(2));
    const mb = megabytes() - before;
    return { nodes: nodes!, pods: world.cluster!.pods.length, services: services!, seconds, mb };
  });
}

/** What one trace to a Service costs as their number grows. */
function serviceScale(): { services: number; usPerTrace: number }[] {
  return [10, 100, 1000, 5000].map((services) => {
    // Every Service has the same five endpoints' worth of branches.
    const world = largeWorld(5, 50, services, 10);
    const flows = expectedLike(world, services);
    const { tracesPerSecond } = measure(world, flows, 'verdict', 1);
    return { services, usPerTrace: Number((1e6 / tracesPerSecond).toFixed(1)) };
  });
}

function expectedLike(world: World, services: number): PreparedFlow[] {
  const pairs = randomPairs(world, 50, 3);
  const clusterIps = world.cluster!.services.filter(({ metadata }) => metadata.name.startsWith('svc-'));
  return pairs.map((flow, i) => {
    const service = clusterIps[(i * 37) % services]!;
    const [a, b, c, d] = service.clusterIP!.split('.').map(Number);
    const address = (a! << 24) | (b! << 16) | (c! << 8) | d! | 0;
    return {
      ...flow,
      request: {
        ...flow.request,
        targets: [{ address, weight: 1 }],
        destinationPort: service.ports[0]!.port,
      },
    };
  });
}

const day = loadWorld('day');
const flows = expectedFlows(day);
const verdict = measure(day, flows, 'verdict');
const recorded = measure(day, flows, 'recorded');
const json = measure(day, flows, 'json');
const large = largeWorld(1000, 5000, 200);
const pairs = randomPairs(large, 5000);
const result = {
  hopsPerSecond: {
    verdict: verdict.hopsPerSecond,
    recorded: recorded.hopsPerSecond,
    json: json.hopsPerSecond,
    cold: cold(),
  },
  ruleEvaluationsPerHop: verdict.evaluationsPerHop,
  tracesPerSecond: {
    verdict: verdict.tracesPerSecond,
    recorded: recorded.tracesPerSecond,
    json: json.tracesPerSecond,
  },
  randomPairs1000Nodes: {
    verdict: measure(large, pairs, 'verdict').hopsPerSecond,
    recorded: measure(large, pairs, 'recorded').hopsPerSecond,
  },
  coldStartMs: coldStart(),
  serviceScale: serviceScale(),
  servicesOnANode: servicesOnANode(),
  podsOnANode: podsOnANode(),
  endpointsOfAService: endpointsOfAService(),
  build: builds(),
  largeCluster: largeCluster(),
  rulesAsText: rulesAsText(),
  capacity: capacityCosts(),
  import: importCosts(),
};
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(result)}\n`);
else process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
