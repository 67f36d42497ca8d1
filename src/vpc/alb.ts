/** A node of an Application Load Balancer: its network interface in one zone. A proxy: the client's connection ends
 *  here, the request is matched against the listener's rules, and a second connection goes from the node's private
 *  address to the target ("How Elastic Load Balancing works"; "HTTP headers and Application Load Balancers"). */
import { formatIpv4 } from '../addressing/ip.ts';
import type { HttpRequest } from '../packet/application.ts';
import { FREE_PORT_FIRST, FREE_SOURCE_PORT, Packet } from '../packet/packet.ts';
import { TCP } from '../packet/protocol.ts';
import { behaviour } from '../trace/device.ts';
import { LOCAL, MATCHED, type Outcome, PASSED } from '../trace/outcome.ts';
import type { Walk } from '../trace/walk.ts';
import { failingCondition, matchingRule } from './alb-rules.ts';
import {
  type Alb,
  answered,
  defaultRule,
  forwards,
  groupChoice,
  listenerRulesUnknown,
  noListener,
  noMatchingRule,
  noTarget,
  partNotModelled,
  place,
  ruleMatched,
  schemeMismatch,
  targetChoice,
  tlsEnds,
} from './alb-words.ts';
import { remarkLimits } from './balancer-limits.ts';
import type { AlbAction, AlbListener } from './load-balancer.ts';
import { nextHopTo, sendOwn } from './own-interface.ts';
import { ENI_FROM_HOST } from './ports.ts';
import { pickTarget, type Target, type TargetGroup, targetsUnknown, zoneLimit } from './target-group.ts';

export const alb = behaviour<Alb>({
  kind: 'alb',
  label: 'Application Load Balancer',
  icon: 'alb',
  notModelled: [
    'certificates, TLS policies and SNI: a handshake always succeeds',
    'WAF, authentication actions, URL and host rewrites, Lambda targets',
    'stickiness: a request has no cookie; least outstanding requests counts as round robin',
    'draining and slow start of targets',
  ],
  receive(self, packet, walk) {
    if (walk.port === LOCAL) return sendOwn(self, walk, packet);
    if (walk.reply) return walk.deliver();
    const number = listenerFor(self, packet);
    if (number < 0) return walk.stop(noListener);
    remarkLimits(self, walk);
    const listener = self.balancer.listeners[number]!;
    const application = packet.application ?? plainRequest(listener, packet.dst);
    if (application.scheme !== (listener.protocol === 'HTTPS' ? 'https' : 'http')) {
      walk.step(schemeMismatch, MATCHED, number);
      return walk.answerHttp(BAD_REQUEST);
    }
    if (listener.protocol === 'HTTPS') walk.step(tlsEnds, PASSED, number);
    return serve(self, packet, walk, number, application);
  },
});

const BAD_REQUEST = 400;
const SERVICE_UNAVAILABLE = 503;

function listenerFor(self: Alb, packet: Packet): number {
  if (packet.protocol !== TCP) return -1;
  const { listeners } = self.balancer;
  for (let i = 0; i < listeners.length; i++) if (listeners[i]!.port === packet.destinationPort) return i;
  return -1;
}

/** A connection that says nothing of HTTP is taken for one that asks for / by address. */
function plainRequest(listener: AlbListener, address: number): HttpRequest {
  const scheme = listener.protocol === 'HTTPS' ? 'https' : 'http';
  return {
    kind: 'http',
    scheme,
    method: 'GET',
    host: formatIpv4(address),
    path: '/',
    query: '',
    headers: {},
  };
}

function serve(self: Alb, packet: Packet, walk: Walk, listener: number, request: HttpRequest): Outcome {
  const { rules, rulesUnknown, defaultAction } = self.balancer.listeners[listener]!;
  if (rulesUnknown) return walk.undetermined(listenerRulesUnknown);
  const number = matchingRule(rules, request, packet.src);
  const rule = rules[number];
  const at = place(listener, number);
  if (rule) {
    walk.step(ruleMatched, MATCHED, at);
    rule.notModelled?.forEach((_, part) => void walk.remark(partNotModelled, at, part));
  } else if (defaultAction.type === 'forward') walk.step(defaultRule, MATCHED, at);
  else if (defaultAction.type === 'fixed-response') {
    const near = walk.recording ? nearestRule(self, packet, listener, request) : NO_RULE;
    walk.step(answered, MATCHED, at);
    return walk.answerHttp(defaultAction.statusCode, noMatchingRule, at, near.rule, near.condition);
  }
  return act(self, packet, walk, at, rule?.action ?? defaultAction, request);
}

const NO_RULE = { rule: -1, condition: 0 };

/** Of the rules that failed, the one that held longest. */
function nearestRule(
  self: Alb,
  packet: Packet,
  listener: number,
  request: HttpRequest,
): { rule: number; condition: number } {
  let best = NO_RULE;
  self.balancer.listeners[listener]!.rules.forEach((rule, number) => {
    const condition = failingCondition(rule, request, packet.src);
    if (condition > best.condition || best.rule < 0) best = { rule: number, condition };
  });
  return best;
}

function act(
  self: Alb,
  packet: Packet,
  walk: Walk,
  at: number,
  action: AlbAction,
  request: HttpRequest,
): Outcome {
  if (action.type !== 'forward') {
    walk.step(answered, MATCHED, at);
    return walk.answerHttp(action.statusCode);
  }
  const { targetGroups, shares } = action;
  const position = walk.choose(groupChoice, targetGroups.length, shares, at);
  const group = targetGroups[position];
  if (group?.unknown) return walk.undetermined(targetsUnknown);
  const zone = group && zoneLimit(group, self.balancer.crossZone, self.az);
  const picked = group ? pickTarget(group, zone, walk, targetChoice, at, position) : -1;
  if (picked < 0) return walk.answerHttp(SERVICE_UNAVAILABLE, noTarget, at, position, picked);
  walk.step(forwards, MATCHED, at, position, picked);
  return connect(self, packet, walk, group!, group!.targets[picked]!, request);
}

/** The second connection. Which port the node takes is unknown; the client's address goes on in headers only. */
function connect(
  self: Alb,
  packet: Packet,
  walk: Walk,
  group: TargetGroup,
  target: Target,
  request: HttpRequest,
): Outcome {
  const known = request.headers['x-forwarded-for'];
  const client = formatIpv4(packet.src);
  const next = new Packet();
  next.protocol = TCP;
  next.src = self.address;
  next.dst = target.address;
  next.sourcePort = FREE_PORT_FIRST;
  next.free = FREE_SOURCE_PORT;
  next.destinationPort = target.port;
  next.nextHop = nextHopTo(self, walk, target.address);
  next.application = {
    ...request,
    scheme: group.protocol === 'HTTPS' ? 'https' : 'http',
    headers: {
      ...request.headers,
      'x-forwarded-for': known === undefined ? client : `${known}, ${client}`,
      'x-forwarded-proto': request.scheme,
      'x-forwarded-port': `${packet.destinationPort}`,
    },
  };
  return walk.connect(next, self.eni, ENI_FROM_HOST);
}
