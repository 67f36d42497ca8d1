/** A random world to be asked: a cluster, the flows to send, and rules made for them on each of its nodes. */
import { labFiles, labOf, type World } from '../../index.ts';
import { type Files, randomCluster } from './cluster.ts';
import { type Asked, chooseFlows, sendersOf } from './flows.ts';
import type { Random } from './random.ts';
import { randomSets, withRandomRules } from './rule-sets.ts';
import { worldOfTexts } from './topology-file.ts';

/** Rules for each node. */
const RULES = 16;
const SETS = 'sets.ipset';

export interface RandomRound {
  readonly files: Files;
  readonly world: World;
  readonly asked: readonly Asked[];
}

export function randomRound(random: Random, name: string, packets: number, round: number): RandomRound {
  const plain = randomCluster(random, name);
  const bare = worldOfTexts(plain);
  const asked = chooseFlows(bare, random, packets);
  const senders = sendersOf(bare);
  const sets = randomSets({ random, flows: asked });
  const ground = {
    random,
    set: sets.set,
    service: round % 2 === 0 ? ('asks' as const) : ('sets' as const),
    flows: asked,
    pods: senders.filter(({ device }) => device.startsWith('pod/')).map(({ address }) => address),
    nodes: senders.filter(({ device }) => device.startsWith('node/')).map(({ address }) => address),
  };
  const dumps = labFiles(labOf(bare)).filter(({ path }) => /^node-.*\/iptables$/.test(path));
  const nodes = bare.cluster!.nodes.map(({ name: node }, i) => ({
    node,
    file: `${node}.iptables`,
    rules: withRandomRules(
      dumps.find(({ path }) => path === `node-${node}/iptables`)!.text,
      ground,
      (round * 3 + i) * RULES,
      RULES,
    ),
  }));
  const topology = JSON.parse(plain['vpcsim.yaml']!) as { cluster: object };
  const nodeRules = Object.fromEntries(nodes.map(({ node, file }) => [node, [file, SETS]]));
  const files: Files = {
    ...plain,
    'vpcsim.yaml': `${JSON.stringify({ ...topology, cluster: { ...topology.cluster, nodeRules } }, null, 1)}\n`,
    [SETS]: `${sets.text}\n`,
    ...Object.fromEntries(nodes.map(({ file, rules }) => [file, rules])),
  };
  return { files, world: worldOfTexts(files), asked };
}
