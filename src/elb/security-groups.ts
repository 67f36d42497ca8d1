/** Security groups of load balancers (model_build_managed_sg.go, backend_sg_provider.go): a managed frontend group that
 *  admits clients on the listeners' ports, and the cluster's one backend group, which only serves as a source in rules
 *  of the targets. Groups named by annotation replace both, unless the backend group is asked for. */
import type { Cidr } from '../addressing/cidr.ts';
import type { KubeObject } from '../api/objects.ts';
import { suggestion } from '../base/nearest.ts';
import { defaulted, derived, type Origin } from '../base/origin.ts';
import { ANY_PROTOCOL } from '../packet/protocol.ts';
import type { Findings } from './findings.ts';
import type { ControllerInput } from './input.ts';
import { backendGroupName } from './names.ts';
import type { GroupRule, ManagedGroup } from './plan.ts';

const BY = 'AWS Load Balancer Controller';

/** AWS gives every new group a rule that lets everything out. */
const EVERYTHING_OUT: GroupRule = {
  protocol: ANY_PROTOCOL,
  peer: { cidr: { base: 0, length: 0 } },
  description: '',
  origin: defaulted('AWS', 'egress rule of a new security group'),
};

interface Opening {
  readonly protocol: number;
  readonly port: number;
  readonly from: readonly Cidr[];
}

/** A frontend group that admits `openings`, which come sorted. */
export function frontendGroup(name: string, openings: readonly Opening[], origin: Origin): ManagedGroup {
  return {
    name,
    description: '[k8s] Managed SecurityGroup for LoadBalancer',
    ingress: openings.flatMap(({ protocol, port, from }) =>
      from.map((cidr) => ({
        protocol,
        ports: [port, port] as const,
        peer: { cidr },
        description: '',
        origin,
      })),
    ),
    egress: [EVERYTHING_OUT],
    origin,
  };
}

export function backendGroup(cluster: string, origins: readonly Origin[]): ManagedGroup {
  return {
    name: backendGroupName(cluster),
    description: '[k8s] Shared Backend SecurityGroup for LoadBalancer',
    ingress: [],
    egress: [EVERYTHING_OUT],
    origin: derived(BY, ...origins),
  };
}

/** The groups that an annotation names, by id or Name tag. */
export function namedGroups(
  input: ControllerInput,
  wanted: readonly string[],
  owner: KubeObject,
  findings: Findings,
): string[] {
  const found: string[] = [];
  for (const word of wanted) {
    const group = input.securityGroups.find((each) => each.name === word || each.tags.Name === word);
    if (group) found.push(group.name);
    else
      findings.refuse(
        'elb/security-groups',
        owner,
        `couldn't find all security groups: ${word}`,
        suggestion(
          word,
          input.securityGroups.map((each) => each.name),
        ),
      );
  }
  return [...new Set(found)];
}
