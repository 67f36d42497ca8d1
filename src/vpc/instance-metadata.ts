/** Instance metadata service at 169.254.169.254. With tokens (IMDSv2) a session begins with a PUT, whose response leaves
 *  with a TTL of HttpPutResponseHopLimit: it reaches the instance at 1, and a pod with its own network namespace, one hop
 *  further, at 2. Where tokens are required a request without one is answered 401 ("Use the Instance Metadata Service to
 *  access instance metadata", Amazon EC2 guide). */

import type { HttpRequest } from '../packet/application.ts';
import { TCP } from '../packet/protocol.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { LOCAL, MATCHED } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import { admitTo, answerByInterface, builtInService, METADATA } from './built-in-services.ts';
import type { NetworkChange } from './changes.ts';
import { neighbour } from './records.ts';

/** Metadata options of an instance. */
export interface MetadataOptions {
  /** HttpPutResponseHopLimit, 1 to 64. */
  readonly hopLimit: number;
  /** HttpTokens. */
  readonly tokens: 'required' | 'optional';
}

export interface InstanceMetadata extends DeviceRecord {
  readonly kind: 'instance-metadata';
}

/** A network interface of an instance. */
interface OfInstance extends DeviceRecord {
  readonly host: number;
  readonly metadata?: MetadataOptions | undefined;
}

/** The request that begins a session. */
export const TOKEN_REQUEST = {
  kind: 'http',
  scheme: 'http',
  method: 'PUT',
  host: '169.254.169.254',
  path: '/latest/api/token',
  query: '',
  headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
} as const satisfies HttpRequest;

const HTTP_PORT = 80;
const protocols = [TCP];
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';
const UNAUTHORIZED = 401;

export const instanceMetadata = behaviour<InstanceMetadata>({
  kind: 'instance-metadata',
  label: 'instance metadata',
  icon: 'instance-metadata',
  notModelled: [
    'the metadata endpoint being disabled',
    'what is asked for, and session tokens that have run out',
  ],
  receive(_self, packet, walk) {
    if (walk.port === LOCAL) return answerByInterface(packet, walk);
    const { metadata } = neighbour<OfInstance>(walk, walk.from);
    if (metadata === undefined) return walk.undetermined(builtInService, METADATA);
    const end = admitTo(HTTP_PORT, protocols, packet, walk);
    if (end) return end;
    const request = packet.application;
    // A packet that says nothing of its request stands for the one that a session begins with.
    if (request === undefined || request.method === 'PUT') {
      walk.step(token, MATCHED, metadata.hopLimit);
      return walk.deliver(metadata.hopLimit, hopLimit);
    }
    if (TOKEN_HEADER in request.headers) walk.step(withToken, MATCHED);
    else if (metadata.tokens === 'required') return walk.answerHttp(UNAUTHORIZED, tokenRequired, walk.from);
    else walk.step(withoutToken, MATCHED);
    return walk.deliver();
  },
});

const stage = 'instance metadata';

const token = step('token request', ({ a }) => ({
  stage,
  because: `a session begins (PUT ${TOKEN_REQUEST.path}): the response has TTL ${a}, HttpPutResponseHopLimit`,
}));

const withToken = step('request with a token', () => ({ stage, because: 'the request has a token' }));

const withoutToken = step('request without a token', () => ({
  stage,
  because: 'tokens are optional: a request without one (IMDSv1) is answered',
}));

export const hopLimit = drop({
  code: 'imds/hop-limit',
  means:
    'The response to a token request of instance metadata has a TTL of HttpPutResponseHopLimit, and that is used up on the node before the response is in the pod.',
  symptom: {
    kind: 'timeout',
    text: 'connected, and the token request (PUT) is never answered: SDKs give up after a second or more, some then report 401',
  },
  causes: [
    'HttpPutResponseHopLimit is 1, as EKS makes managed node groups of Amazon Linux 2023, and the pod has a network namespace of its own',
    'a controller or an SDK asks instance metadata for its region, VPC or credentials in place of being told (IRSA, Pod Identity, --aws-vpc-id)',
  ],
  look: [
    'aws ec2 describe-instances --query "Reservations[].Instances[].[InstanceId,MetadataOptions.HttpPutResponseHopLimit]"',
    'the same request from a pod with hostNetwork',
  ],
  word: ({ self, before }) => ({
    stage: 'forward',
    because: `the response comes with TTL ${before.ttl}, which is used up at ${self.kind}/${self.id}: the pod is one hop further`,
    fix: `set metadata.hopLimit: 2 on ${self.kind}/${self.id} (HttpPutResponseHopLimit), or give the pod what it asks for: IRSA, Pod Identity, hostNetwork`,
    change: { kind: 'metadata-hop-limit', node: self.id, hopLimit: 2 } satisfies NetworkChange,
    origin: self.origin,
  }),
});

export const tokenRequired = drop({
  code: 'imds/token-required',
  means: 'Instance metadata requires a session token (IMDSv2), and the request has none.',
  symptom: { kind: 'http-401', text: 'HTTP 401 from instance metadata: it wants a session token (IMDSv2)' },
  causes: [
    'an old SDK or a script that knows IMDSv1 only',
    'a client that fell back to IMDSv1 when its token request timed out',
  ],
  look: [
    'aws ec2 describe-instances --query "Reservations[].Instances[].[InstanceId,MetadataOptions.HttpTokens]"',
  ],
  word: ({ a, device }) => {
    const host = device((device(a) as OfInstance).host);
    return {
      stage,
      because: `tokens are required on ${host.kind}/${host.id}, and the request has no ${TOKEN_HEADER}`,
      fix: `ask for a token first (PUT ${TOKEN_REQUEST.path}), or set metadata.tokens: optional on ${host.kind}/${host.id}`,
      origin: host.origin,
    };
  },
});
