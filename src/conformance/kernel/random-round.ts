/** A random world to be asked: a cluster, the flows to send, and rules made for them on each of its nodes. */
import { labFiles, labOf, type World } from '../../index.ts';
import { type Files, randomCluster } from './cluster.ts';
import { type Asked, chooseFlows, sendersOf } from './flows.ts';
import type { Random } from './random.ts';
import { withRandomRules } from './rule-sets.ts';
import { worldOfTexts } from './topology-file.ts';

/** Rules for each node. */
const RULES = 14;

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
  const ground = {
    random,
    flows: asked,
    pods: senders.filter(({ device }) => device.startsWith('pod/')).map(({ address }) => address),
    nodes: senders.filter(({ device }) => device.startsWith('node/')).map(({ address }) => address),
  };
  const dumps = labFiles(labOf(bare)).filter(({ path }) => /^node-.*\/iptables$/.test(path));
  const nodes = bare.cluster!.nodes.map(({ name: node }, i) => ({
    node,
    file: `${node}.iptables`,
    text: withRandomRules(
      dumps.find(({ path }) => path === `node-${node}/iptables`)!.text,
      ground,
      (round * 3 + i) * RULES,
      RULES,
    ),
  }));
  const files = withNodeRules(
    plain,
    nodes.map(({ node, file, text }) => [node, file, text]),
  );
  return { files, world: worldOfTexts(files), asked };
}

/** The topology's files with dumps for its nodes. */
export function withNodeRules(
  files: Files,
  dumps: readonly (readonly [node: string, file: string, text: string])[],
): Files {
  const topology = JSON.parse(files['vpcsim.yaml']!) as { cluster: object };
  const nodeRules = Object.fromEntries(dumps.map(([node, file]) => [node, file]));
  return {
    ...files,
    'vpcsim.yaml': `${JSON.stringify({ ...topology, cluster: { ...topology.cluster, nodeRules } }, null, 1)}\n`,
    ...Object.fromEntries(dumps.map(([, file, text]) => [file, text])),
  };
}
