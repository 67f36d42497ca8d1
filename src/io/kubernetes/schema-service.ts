/** Services, endpoints, Ingresses and namespaces (core/v1, discovery.k8s.io/v1, networking.k8s.io/v1). */
import * as z from 'zod';
import { accepted } from '../accepted.ts';
import { header, intOrText, port, protocol, texts } from './schema-common.ts';

const status = z.unknown().optional();
const textList = z.array(z.string()).optional();
const flag = z.boolean().optional();

const servicePort = z.strictObject({
  name: z.string().optional(),
  protocol: protocol.optional(),
  port,
  targetPort: intOrText.optional(),
  nodePort: z.int().min(0).max(65535).optional(),
  ...accepted('appProtocol'),
});

const loadBalancerIngress = z.looseObject({
  ip: z.string().optional(),
  hostname: z.string().optional(),
  ipMode: z.string().optional(),
});

export const service = z.strictObject({
  ...header,
  spec: z.strictObject({
    type: z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']).optional(),
    clusterIP: z.string().optional(),
    clusterIPs: textList,
    ports: z.array(servicePort).optional(),
    selector: texts.optional(),
    externalIPs: textList,
    externalName: z.string().optional(),
    externalTrafficPolicy: z.enum(['Cluster', 'Local']).optional(),
    internalTrafficPolicy: z.enum(['Cluster', 'Local']).optional(),
    sessionAffinity: z.enum(['None', 'ClientIP']).optional(),
    sessionAffinityConfig: z
      .strictObject({
        clientIP: z.strictObject({ timeoutSeconds: z.int().min(1).max(86400).optional() }).optional(),
      })
      .optional(),
    loadBalancerClass: z.string().optional(),
    loadBalancerSourceRanges: textList,
    healthCheckNodePort: z.int().optional(),
    allocateLoadBalancerNodePorts: flag,
    publishNotReadyAddresses: flag,
    trafficDistribution: z.enum(['PreferClose', 'PreferSameZone', 'PreferSameNode']).optional(),
    ...accepted('loadBalancerIP', 'topologyKeys', 'ipFamily', 'ipFamilies', 'ipFamilyPolicy'),
  }),
  status: z
    .looseObject({
      loadBalancer: z.looseObject({ ingress: z.array(loadBalancerIngress).optional() }).optional(),
    })
    .optional(),
});

const targetRef = z
  .looseObject({ kind: z.string().optional(), namespace: z.string().optional(), name: z.string().optional() })
  .optional();

const endpointAddress = z.strictObject({
  ip: z.string(),
  nodeName: z.string().optional(),
  targetRef,
  ...accepted('hostname'),
});

const endpointPort = z.strictObject({
  name: z.string().optional(),
  port,
  protocol: protocol.optional(),
  ...accepted('appProtocol'),
});

export const endpoints = z.strictObject({
  ...header,
  subsets: z
    .array(
      z.strictObject({
        addresses: z.array(endpointAddress).optional(),
        notReadyAddresses: z.array(endpointAddress).optional(),
        ports: z.array(endpointPort).optional(),
      }),
    )
    .optional(),
});

const hints = z.array(z.strictObject({ name: z.string() })).optional();

export const endpointSlice = z.strictObject({
  ...header,
  addressType: z.enum(['IPv4', 'IPv6', 'FQDN']),
  ports: z.array(endpointPort.extend({ port: port.optional() })).optional(),
  endpoints: z
    .array(
      z.strictObject({
        addresses: z.array(z.string()).min(1),
        conditions: z.strictObject({ ready: flag, serving: flag, terminating: flag }).optional(),
        nodeName: z.string().optional(),
        zone: z.string().optional(),
        targetRef,
        hints: z.strictObject({ forZones: hints, forNodes: hints }).optional(),
        ...accepted('hostname', 'deprecatedTopology'),
      }),
    )
    .optional(),
});

const ingressBackend = z
  .strictObject({
    service: z
      .strictObject({
        name: z.string(),
        port: z.strictObject({ name: z.string().optional(), number: port.optional() }).optional(),
      })
      .optional(),
    ...accepted('resource'),
  })
  .describe('a backend {service: {name, port}}');

const ingressPath = z.strictObject({
  path: z.string().optional(),
  pathType: z.enum(['Exact', 'Prefix', 'ImplementationSpecific']),
  backend: ingressBackend,
});

export const ingress = z.strictObject({
  ...header,
  spec: z.strictObject({
    ingressClassName: z.string().optional(),
    defaultBackend: ingressBackend.optional(),
    rules: z
      .array(
        z.strictObject({
          host: z.string().optional(),
          http: z.strictObject({ paths: z.array(ingressPath).min(1) }).optional(),
        }),
      )
      .optional(),
    tls: z.array(z.strictObject({ hosts: textList, ...accepted('secretName') })).optional(),
  }),
  status,
});

export const ingressClass = z.strictObject({
  ...header,
  spec: z.strictObject({ controller: z.string(), ...accepted('parameters') }),
});

export const serviceCidr = z.strictObject({
  ...header,
  spec: z.strictObject({ cidrs: z.array(z.string()).min(1).max(2) }),
  status,
});

export const serviceAccount = z.strictObject({
  ...header,
  ...accepted('secrets', 'imagePullSecrets', 'automountServiceAccountToken'),
});

export const namespace = z.strictObject({ ...header, spec: z.unknown().optional(), status });

export type ServiceFile = z.infer<typeof service>;
export type EndpointsFile = z.infer<typeof endpoints>;
export type EndpointSliceFile = z.infer<typeof endpointSlice>;
export type IngressFile = z.infer<typeof ingress>;
export type IngressBackendFile = z.infer<typeof ingressBackend>;
