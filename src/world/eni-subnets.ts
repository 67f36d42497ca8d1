/** Where each node's new ENIs may stand: in the subnet of its ENIConfig under custom networking, else in the subnets of
 *  its zone that are open to pods. What is wrong with that is found here, for ENIConfigs by zone of the nodes. */
import type { EniConfig } from '../api/objects.ts';
import type { Issue } from '../base/issue.ts';
import type { Locate } from '../base/origin.ts';
import { eniConfigName } from '../cni/eni-config.ts';
import type { CniEnvironment } from '../cni/environment.ts';
import { discoverSubnets, type EniSubnets, isClosed } from '../cni/ipamd/subnets.ts';
import type { PlannedNode } from './nodes.ts';
import type { SubnetSpec, VpcSpec } from './vpc-spec.ts';

export interface EniPlaces {
  readonly of: (node: Pick<PlannedNode, 'labels' | 'subnet'>) => EniSubnets;
  /** Does the subnet give pods none of its primary ENI's addresses? */
  readonly isClosed: (subnet: SubnetSpec) => boolean;
}

export function eniPlaces(vpc: VpcSpec, env: CniEnvironment, configs: readonly EniConfig[]): EniPlaces {
  const known = new Map<string, EniSubnets>();
  const byName = new Map(configs.map((config) => [config.metadata.name, config]));
  return {
    of: ({ labels, subnet }) => {
      const config = env.customNetworking ? eniConfigName(labels, env) : '';
      const key = `${subnet.name} ${config}`;
      let places = known.get(key);
      if (!places) {
        places = env.customNetworking
          ? ofConfig(byName.get(config), subnet, vpc, env)
          : discoverSubnets(subnet, zoneOf(subnet, vpc), env);
        known.set(key, places);
      }
      return places;
    },
    isClosed: (subnet) => isClosed(subnet, env),
  };
}

/** In the order of their blocks, in which subnets of equal room are taken. */
function zoneOf({ az }: SubnetSpec, { subnets }: VpcSpec): readonly SubnetSpec[] {
  return subnets.filter((subnet) => subnet.az === az);
}

function ofConfig(
  config: EniConfig | undefined,
  { az }: SubnetSpec,
  vpc: VpcSpec,
  env: CniEnvironment,
): EniSubnets {
  if (!config) return { subnets: [], because: 'eniconfig: eniconfig is not available' };
  const subnet = vpc.subnets.find(({ name }) => name === config.subnet)!;
  if (subnet.az !== az)
    return {
      subnets: [],
      because: `AllocENI: error attaching ENI: an interface of ${subnet.az} cannot be attached to an instance of ${az}`,
    };
  const { securityGroups } = config;
  return {
    subnets: [subnet.name],
    closed: isClosed(subnet, env),
    securityGroups: securityGroups.length > 0 ? securityGroups : undefined,
  };
}

/** ENIConfigs that are missing or stand in another zone, each once with the nodes it is for. */
export function eniConfigWarnings(
  nodes: readonly PlannedNode[],
  vpc: VpcSpec,
  env: CniEnvironment,
  configs: readonly EniConfig[],
  locate: Locate,
): Issue[] {
  if (!env.customNetworking) return [];
  const found = new Map<string, { readonly issue: Issue; count: number }>();
  for (const node of nodes) {
    const issue = configIssue(node, vpc, env, configs, locate);
    if (!issue) continue;
    const same = found.get(issue.message);
    if (same) same.count++;
    else found.set(issue.message, { issue, count: 1 });
  }
  return [...found.values()].map(({ issue, count }) => ({
    ...issue,
    message: `${issue.message}: ${count === 1 ? 'a node' : `${count} nodes`} there never ${count === 1 ? 'becomes' : 'become'} ready`,
  }));
}

function configIssue(
  { labels, subnet, origin }: PlannedNode,
  vpc: VpcSpec,
  env: CniEnvironment,
  configs: readonly EniConfig[],
  locate: Locate,
): Issue | undefined {
  const name = eniConfigName(labels, env);
  const config = configs.find(({ metadata }) => metadata.name === name);
  if (!config)
    return {
      severity: 'warning',
      code: 'cni/no-eniconfig',
      at: locate(origin),
      message: `custom networking finds no ENIConfig named ${JSON.stringify(name)} for zone ${subnet.az}`,
      hint:
        name === 'default'
          ? `nodes have no label ${env.eniConfig.label}; ENI_CONFIG_LABEL_DEF=topology.kubernetes.io/zone takes the zone's name`
          : `there ${configs.length === 0 ? 'is none' : `are ${configs.map(({ metadata }) => metadata.name).join(', ')}`}`,
    };
  const place = vpc.subnets.find((each) => each.name === config.subnet)!;
  if (place.az === subnet.az) return undefined;
  return {
    severity: 'warning',
    code: 'cni/eniconfig-zone',
    at: locate(config.origin),
    message: `ENIConfig ${name} is for nodes in ${subnet.az}, and its subnet ${place.name} is in ${place.az}`,
    hint: `name a subnet of ${subnet.az}`,
  };
}
