/** The words of an Application Load Balancer node: its steps, choices, and what it refuses or answers by itself. */
import { protocolName } from '../packet/protocol.ts';
import { choice, drop, note, step, type Wording } from '../trace/vocabulary.ts';
import { type AlbRule, conditionsText, conditionText } from './alb-rules.ts';
import type { AlbAction, AlbBalancer, AlbListener, Redirect } from './load-balancer.ts';
import type { BehindInterface } from './own-interface.ts';
import {
  failsOpen,
  healthText,
  NO_TARGETS_IN_ZONE,
  pickText,
  targetText,
  zoneLimit,
} from './target-group.ts';

export interface Alb extends BehindInterface {
  readonly kind: 'alb';
  /** Shared by the nodes of one load balancer. */
  readonly balancer: AlbBalancer;
}

/** A rule of a listener as one number; rule -1 is the default action. */
export function place(listener: number, rule: number): number {
  return (listener << 16) | (rule + 1);
}

interface Place {
  readonly listener: AlbListener;
  /** Undefined for the default action. */
  readonly rule: AlbRule<AlbAction> | undefined;
  readonly action: AlbAction;
}

function placeOf(self: Alb, at: number): Place {
  const listener = self.balancer.listeners[at >> 16]!;
  const rule = listener.rules[(at & 65535) - 1];
  return { listener, rule, action: rule?.action ?? listener.defaultAction };
}

function listenerText({ protocol, port }: AlbListener): string {
  return `listener ${protocol}:${port}`;
}

function ruleText(listener: AlbListener, rule: AlbRule<AlbAction> | undefined): string {
  return rule
    ? `${listenerText(listener)} rule ${rule.priority}: ${conditionsText(rule.conditions)}`
    : `${listenerText(listener)} default action`;
}

/** Nobody could read the rules of the listener. */
export const listenerRulesUnknown = note<Alb>({
  name: 'rules not known',
  nature: 'limit',
  word: ({ self }) =>
    `the listener rules of ${self.balancer.name} are not known: the topology does not have what describe-rules prints`,
});

export const tlsEnds = step<Alb>('TLS', ({ self, a }) => ({
  stage: 'TLS',
  rule: listenerText(self.balancer.listeners[a]!),
  because: 'the TLS connection of the client ends at the load balancer',
}));

export const schemeMismatch = step<Alb>('scheme mismatch', ({ self, a }) => {
  const listener = self.balancer.listeners[a]!;
  return {
    stage: 'listener',
    rule: listenerText(listener),
    because:
      listener.protocol === 'HTTPS'
        ? 'a plain HTTP request came to a port that speaks TLS: 400'
        : 'a TLS handshake came to a port that speaks plain HTTP: 400',
    origin: listener.origin,
  };
});

export const ruleMatched = step<Alb>('listener rule', ({ self, a }) => {
  const { listener, rule } = placeOf(self, a);
  const before = listener.rules.indexOf(rule!);
  return {
    stage: 'listener rules',
    rule: ruleText(listener, rule),
    because: `the first of ${listener.rules.length} rules whose conditions all hold${before === 0 ? '' : ` (${before} before it do not)`}`,
    origin: rule!.origin,
  };
});

const stage = 'listener rules';

/** The answer is an HTTP status: the packet is not dropped. */
export const noMatchingRule = drop<Alb>({
  code: 'alb/no-matching-rule',
  means: 'No rule of the listener matches the request: the default action answers.',
  causes: [
    'the Host header is not that of any rule: the load balancer was asked by address or by its own name',
    'pathType Exact or ImplementationSpecific: /foo does not match /foo/bar',
  ],
  look: ['kubectl describe ingress <name>', 'aws elbv2 describe-rules --listener-arn <arn>'],
  word: ({ self, a, b, c }) => {
    const { listener } = placeOf(self, a);
    const near = b < 0 ? undefined : listener.rules[b]!;
    const failing = near?.conditions[c];
    return {
      stage,
      rule: ruleText(listener, undefined),
      because: near
        ? `none of ${listener.rules.length} rules matches; nearest: rule ${near.priority}, but not ${failing ? conditionText(failing) : ''}`
        : 'the listener has no rules',
      nearest: near && ruleText(listener, near),
      fix: `add a rule to ${listenerText(listener)} of ${self.balancer.name} for this host and path`,
      origin: listener.origin,
    };
  },
});

export const defaultRule = step<Alb>('listener default', ({ self, a }) => {
  const { listener } = placeOf(self, a);
  return {
    stage,
    rule: ruleText(listener, undefined),
    because:
      listener.rules.length > 0
        ? `none of ${listener.rules.length} rules matches`
        : 'the listener has no rules',
    origin: listener.origin,
  };
});

/** The answer is an HTTP status: the packet is not dropped. */
export const noTarget = drop<Alb>({
  code: 'elb/no-target',
  means:
    'The target group has no registered target that could take the request: the load balancer answers 503.',
  aws: 'ELBV2_LISTENER_HAS_NO_TG',
  causes: [
    'no pod is ready, or the selector of the Service selects none',
    'the controller could not register targets: see its events',
  ],
  look: ['kubectl get endpointslices', 'aws elbv2 describe-target-health --target-group-arn <arn>'],
  word: ({ self, a, b, c }) => {
    const { action, listener, rule } = placeOf(self, a);
    const group = action.type === 'forward' ? action.targetGroups[b] : undefined;
    return {
      stage: 'target group',
      rule: ruleText(listener, rule),
      because: !group
        ? 'the rule forwards to no target group with a weight above 0: 503'
        : c === NO_TARGETS_IN_ZONE
          ? `target group ${group.name} has no target for ${self.az}, and cross-zone is off: 503`
          : `target group ${group.name} has no registered target: 503`,
      fix: group ? `register a target in ${group.name}` : 'forward to a target group with a weight above 0',
      origin: rule?.origin ?? listener.origin,
    };
  },
});

export const answered = step<Alb>('answered', ({ self, a }) => {
  const { action, listener, rule } = placeOf(self, a);
  return {
    stage: 'action',
    rule: ruleText(listener, rule),
    because:
      action.type === 'redirect'
        ? `redirect ${action.statusCode} to ${locationText(action)}`
        : `fixed response ${action.type === 'fixed-response' ? action.statusCode : ''}`,
  };
});

function locationText({ protocol, host, port, path, query }: Redirect): string {
  return `${protocol.toLowerCase()}://${host}:${port}${path}${query === '' ? '' : `?${query}`}`;
}

export const forwards = step<Alb>('forward', ({ self, a, b, c }) => {
  const { action } = placeOf(self, a);
  const group = action.type === 'forward' ? action.targetGroups[b]! : undefined;
  if (!group) return { stage: 'target group', because: '' };
  const open = failsOpen(group) ? `; no target is healthy (${healthText(group)}), so it fails open` : '';
  return {
    stage: 'target group',
    rule: `target group ${group.name} (${group.targetType})`,
    because: `the client's connection ends here; a new one goes from the node to ${targetText(group.targets[c]!)}${open}`,
  };
});

export const groupChoice = choice<Alb>({
  name: 'alb/target-group',
  nature: 'chance',
  word: ({ self, a, picked }) => {
    const { action } = placeOf(self, a);
    if (action.type !== 'forward') return '';
    const share = `${Number(((action.shares[picked] ?? 0) * 100).toFixed(1))} %`;
    return `${self.balancer.name}: target group ${action.targetGroups[picked]!.name} (weight ${share})`;
  },
});

export const targetChoice = choice<Alb>({
  name: 'alb/target',
  nature: 'chance',
  word: ({ self, a, b, picked }) => {
    const { action } = placeOf(self, a);
    if (action.type !== 'forward') return '';
    const group = action.targetGroups[b]!;
    return `${self.balancer.name}: ${pickText(group, zoneLimit(group, self.balancer.crossZone, self.az), picked)}`;
  },
});

export const partNotModelled = note<Alb>({
  name: 'alb action',
  nature: 'limit',
  word: ({ self, a, b }) => {
    const { listener, rule } = placeOf(self, a);
    return `${self.balancer.name}, ${ruleText(listener, rule)}: ${rule!.notModelled![b]!}`;
  },
});

export const noListener = drop<Alb>({
  code: 'alb/no-listener',
  means: 'The load balancer has no listener for this protocol and port: packets are dropped in silence.',
  aws: 'ELBV2_LISTENERS_MISMATCH',
  causes: [
    'the listener of the other scheme is meant (80 and 443)',
    'listen-ports of the Ingress omits the port',
  ],
  look: [
    'kubectl get ingress -o yaml: alb.ingress.kubernetes.io/listen-ports',
    'aws elbv2 describe-listeners --load-balancer-arn <arn>',
  ],
  word: ({ self, before }: Wording<Alb>) => ({
    stage: 'listener',
    because: `no listener of ${self.balancer.name} takes ${protocolName(before.protocol)}/${before.destinationPort}`,
    nearest: self.balancer.listeners.map(listenerText).join(', ') || undefined,
    fix: `add a listener for port ${before.destinationPort} to ${self.balancer.name}`,
  }),
});
