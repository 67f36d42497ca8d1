/** The words of a Network Load Balancer node: its steps, its choice, and what it drops. */
import { formatIpv4 } from '../addressing/ip.ts';
import { FREE_PORT_FIRST, FREE_PORT_LAST } from '../packet/packet.ts';
import { protocolName } from '../packet/protocol.ts';
import { choice, drop, note, step } from '../trace/vocabulary.ts';
import type { NlbBalancer, NlbListener } from './load-balancer.ts';
import type { BehindInterface } from './own-interface.ts';
import { failsOpen, healthText, pickText, targetText, zoneLimit } from './target-group.ts';

export interface Nlb extends BehindInterface {
  readonly kind: 'nlb';
  /** Shared by the nodes of one load balancer. */
  readonly balancer: NlbBalancer;
}

function listenerText({ protocol, port, targetGroup }: NlbListener): string {
  return `listener ${protocol}:${port} -> target group ${targetGroup.name}`;
}

export const rewritten = step<Nlb>('pass on', ({ self, a, b, before, after }) => {
  const listener = self.balancer.listeners[a]!;
  const { targetGroup } = listener;
  const open = failsOpen(targetGroup)
    ? `; no target is healthy (${healthText(targetGroup)}), so it fails open`
    : '';
  return {
    stage: 'listener',
    rule: listenerText(listener),
    because:
      `destination becomes ${targetText(targetGroup.targets[b]!)}; ` +
      (before.src === after.src
        ? `client address preservation is on: the source stays ${formatIpv4(before.src)}`
        : `client address preservation is off: the source becomes ${formatIpv4(after.src)}, with a port of ${FREE_PORT_FIRST}-${FREE_PORT_LAST}`) +
      open,
    origin: listener.origin,
  };
});

export const restored = step<Nlb>('hand back', ({ a, after }) => ({
  stage: 'listener',
  because: a
    ? `belongs to a flow of this node, whose target is ${formatIpv4(after.dst)}`
    : `belongs to a flow of this node with ${formatIpv4(after.dst)}: the addresses are put back`,
}));

export const targetChoice = choice<Nlb>({
  name: 'nlb/target',
  nature: 'chance',
  word: ({ self, a, picked }) => {
    const { targetGroup } = self.balancer.listeners[a]!;
    return `${self.balancer.name}: ${pickText(targetGroup, zoneLimit(targetGroup, self.balancer.crossZone, self.az), picked)}`;
  },
});

export const noListener = drop<Nlb>({
  code: 'nlb/no-listener',
  means: 'The load balancer has no listener for this protocol and port: packets are dropped in silence.',
  aws: 'ELBV2_LISTENERS_MISMATCH',
  causes: [
    'the port is the target port, not the port of the Service',
    'TCP and UDP listeners are different ones',
  ],
  look: [
    'kubectl get service <name> -o yaml: spec.ports',
    'aws elbv2 describe-listeners --load-balancer-arn <arn>',
  ],
  word: ({ self, before }) => ({
    stage: 'listener',
    because:
      before.dst === self.address
        ? `no listener of ${self.balancer.name} takes ${protocolName(before.protocol)}/${before.destinationPort}`
        : `${formatIpv4(before.dst)} is not the address of this node, and the packet belongs to no flow of it`,
    nearest: self.balancer.listeners.map(listenerText).join(', ') || undefined,
    fix: `add a listener for ${protocolName(before.protocol)}/${before.destinationPort} to ${self.balancer.name}`,
  }),
});

export const noTargetRegistered = drop<Nlb>({
  code: 'nlb/no-target',
  means: 'The target group has no registered target that is in use: packets are dropped.',
  aws: 'ELBV2_LISTENER_HAS_NO_TG',
  causes: [
    'no pod is ready, or the selector of the Service selects none',
    'targets are in zones not enabled',
  ],
  look: ['kubectl get endpointslices', 'aws elbv2 describe-target-health --target-group-arn <arn>'],
  word: ({ self, a }) => {
    const listener = self.balancer.listeners[a]!;
    return {
      stage: 'target group',
      rule: listenerText(listener),
      because: `target group ${listener.targetGroup.name} has no registered target in use`,
      nearest: healthText(listener.targetGroup) || undefined,
      fix: `register a target in ${listener.targetGroup.name}`,
      origin: listener.origin,
    };
  },
});

export const noTargetsInZone = drop<Nlb>({
  code: 'nlb/no-target-in-zone',
  means:
    'The node may send to targets of its own zone only, and none there can take the flow. DNS leaves such a node out; clients that know its address time out.',
  aws: 'ELBV2_NO_TARGETS_IN_AZ',
  causes: ['cross-zone load balancing is off (the default), and no target runs in this zone'],
  look: [
    'dig <name of the load balancer>',
    'aws elbv2 describe-target-health --target-group-arn <arn>: AvailabilityZone',
  ],
  word: ({ self, a }) => {
    const listener = self.balancer.listeners[a]!;
    const zones = [...new Set(listener.targetGroup.targets.map(({ az }) => az))].sort().join(', ');
    return {
      stage: 'target group',
      rule: listenerText(listener),
      because: `target group ${listener.targetGroup.name} has no target for ${self.az}, and cross-zone load balancing is off`,
      nearest: `targets are in ${zones}`,
      fix: `set load_balancing.cross_zone.enabled=true on ${self.balancer.name}, or run a target in ${self.az}`,
      origin: listener.origin,
    };
  },
});

export const hairpin = drop<Nlb>({
  code: 'nlb/hairpin',
  means:
    'The chosen target is the client itself, and its address is kept: it would get a packet from its own address.',
  aws: 'ELBV2_SOURCE_ADDRESS_PRESERVATION',
  causes: ['a pod calls the load balancer in front of itself, and client address preservation is on'],
  look: ['aws elbv2 describe-target-group-attributes --target-group-arn <arn>: preserve_client_ip.enabled'],
  word: ({ self, a, b }) => {
    const { targetGroup } = self.balancer.listeners[a]!;
    return {
      stage: 'target group',
      rule: listenerText(self.balancer.listeners[a]!),
      because: `the chosen target ${targetText(targetGroup.targets[b]!)} is the client: source and destination would be equal`,
      fix: `set preserve_client_ip.enabled=false on target group ${targetGroup.name}`,
    };
  },
});

export const fragments = note<Nlb>({
  name: 'fragments at a Network Load Balancer',
  nature: 'limit',
  word: ({ self }) => `what ${self.kind}/${self.id} does with fragments is not modelled`,
});
