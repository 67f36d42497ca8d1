/** Pods and what makes them (core/v1, apps/v1, batch/v1): every field, typed where it bears on the network. */
import * as z from 'zod';
import { accepted } from '../accepted.ts';
import {
  header,
  intOrText,
  labelSelector,
  metadata,
  port,
  protocol,
  selectorExpression,
  texts,
} from './schema-common.ts';

const containerPort = z.strictObject({
  name: z.string().optional(),
  containerPort: port,
  hostPort: port.optional(),
  hostIP: z.string().optional(),
  protocol: protocol.optional(),
});

const probe = z.strictObject({
  httpGet: z
    .strictObject({
      path: z.string().optional(),
      port: intOrText,
      scheme: z.enum(['HTTP', 'HTTPS']).optional(),
      ...accepted('host', 'httpHeaders', 'protocol'),
    })
    .optional(),
  tcpSocket: z.strictObject({ port: intOrText, ...accepted('host') }).optional(),
  grpc: z.strictObject({ port, ...accepted('service', 'mode') }).optional(),
  ...accepted(
    'exec',
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
    'terminationGracePeriodSeconds',
  ),
});

const quantities = z
  .record(z.string(), z.union([z.string(), z.number()]).describe('a quantity such as 250m or 128Mi'))
  .describe('a map of quantities');

const container = z
  .strictObject({
    name: z.string(),
    image: z.string().optional(),
    ports: z.array(containerPort).optional(),
    resources: z
      .strictObject({ limits: quantities.optional(), requests: quantities.optional(), ...accepted('claims') })
      .optional(),
    readinessProbe: probe.optional(),
    livenessProbe: probe.optional(),
    startupProbe: probe.optional(),
    restartPolicy: z.string().optional(),
    ...accepted(
      'command',
      'args',
      'workingDir',
      'envFrom',
      'env',
      'resizePolicy',
      'restartPolicyRules',
      'volumeMounts',
      'volumeDevices',
      'lifecycle',
      'terminationMessagePath',
      'terminationMessagePolicy',
      'imagePullPolicy',
      'securityContext',
      'stdin',
      'stdinOnce',
      'tty',
    ),
  })
  .describe('a container');

const nodeSelectorTerm = z.strictObject({
  matchExpressions: z.array(selectorExpression).optional(),
  matchFields: z.array(selectorExpression).optional(),
});

const podAffinity = z
  .strictObject({
    requiredDuringSchedulingIgnoredDuringExecution: z.array(z.unknown()).optional(),
    ...accepted('preferredDuringSchedulingIgnoredDuringExecution'),
  })
  .optional();

const affinity = z.strictObject({
  nodeAffinity: z
    .strictObject({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .strictObject({ nodeSelectorTerms: z.array(nodeSelectorTerm).min(1) })
        .optional(),
      ...accepted('preferredDuringSchedulingIgnoredDuringExecution'),
    })
    .optional(),
  podAffinity,
  podAntiAffinity: podAffinity,
});

export const podSpec = z
  .strictObject({
    containers: z.array(container).min(1).describe('a list of containers'),
    initContainers: z.array(container).optional(),
    nodeName: z.string().optional(),
    nodeSelector: texts.optional(),
    affinity: affinity.optional(),
    tolerations: z
      .array(
        z.strictObject({
          key: z.string().optional(),
          operator: z.enum(['Equal', 'Exists', 'Lt', 'Gt']).optional(),
          value: z.string().optional(),
          effect: z.enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute']).optional(),
          ...accepted('tolerationSeconds'),
        }),
      )
      .optional(),
    topologySpreadConstraints: z
      .array(
        z.strictObject({
          maxSkew: z.int().min(1),
          topologyKey: z.string(),
          whenUnsatisfiable: z.enum(['DoNotSchedule', 'ScheduleAnyway']),
          labelSelector: labelSelector.optional(),
          ...accepted('minDomains', 'nodeAffinityPolicy', 'nodeTaintsPolicy', 'matchLabelKeys'),
        }),
      )
      .optional(),
    hostNetwork: z.boolean().optional(),
    restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).optional(),
    dnsPolicy: z.enum(['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']).optional(),
    readinessGates: z.array(z.strictObject({ conditionType: z.string() })).optional(),
    hostname: z.string().optional(),
    subdomain: z.string().optional(),
    serviceAccountName: z.string().optional(),
    serviceAccount: z.string().optional(),
    ...accepted(
      'volumes',
      'ephemeralContainers',
      'terminationGracePeriodSeconds',
      'activeDeadlineSeconds',
      'automountServiceAccountToken',
      'hostPID',
      'hostIPC',
      'shareProcessNamespace',
      'securityContext',
      'imagePullSecrets',
      'schedulerName',
      'hostAliases',
      'priorityClassName',
      'priority',
      'dnsConfig',
      'runtimeClassName',
      'enableServiceLinks',
      'preemptionPolicy',
      'overhead',
      'setHostnameAsFQDN',
      'os',
      'hostUsers',
      'schedulingGates',
      'resourceClaims',
      'resources',
      'hostnameOverride',
      'workloadRef',
      'schedulingGroup',
      'evictionResponders',
    ),
  })
  .describe('the specification of a pod');

const conditions = z.array(z.looseObject({ type: z.string(), status: z.string() })).optional();

export const pod = z.strictObject({
  ...header,
  spec: podSpec,
  status: z.looseObject({ conditions }).optional(),
});

const template = z
  .strictObject({ metadata: metadata.optional(), spec: podSpec, ...accepted('apiVersion', 'kind') })
  .describe('a pod template {metadata, spec}');

const replicas = z.int().min(0).max(100_000).describe('a number of replicas').optional();
const status = z.unknown().optional();
const templated = { selector: labelSelector, template };

const countOrPercent = z
  .union([z.int().min(0), z.string().regex(/^\d{1,9}%$/)])
  .describe('a number of pods, or a percentage such as 25%')
  .nullish();

const strategy = z
  .strictObject({
    type: z.enum(['RollingUpdate', 'Recreate']).optional(),
    rollingUpdate: z
      .strictObject({ maxSurge: countOrPercent, maxUnavailable: countOrPercent })
      .nullish()
      .describe('a map of maxSurge and maxUnavailable'),
  })
  .describe('a strategy {type, rollingUpdate}');

export const workloadSchemas = {
  Deployment: z.strictObject({
    ...header,
    spec: z.strictObject({
      ...templated,
      replicas,
      strategy: strategy.nullish(),
      ...accepted('minReadySeconds', 'revisionHistoryLimit', 'paused', 'progressDeadlineSeconds'),
    }),
    status,
  }),
  ReplicaSet: z.strictObject({
    ...header,
    spec: z.strictObject({ ...templated, replicas, ...accepted('minReadySeconds') }),
    status,
  }),
  StatefulSet: z.strictObject({
    ...header,
    spec: z.strictObject({
      ...templated,
      replicas,
      serviceName: z.string().optional(),
      ...accepted(
        'volumeClaimTemplates',
        'podManagementPolicy',
        'updateStrategy',
        'revisionHistoryLimit',
        'minReadySeconds',
        'persistentVolumeClaimRetentionPolicy',
        'ordinals',
      ),
    }),
    status,
  }),
  DaemonSet: z.strictObject({
    ...header,
    spec: z.strictObject({
      ...templated,
      ...accepted('updateStrategy', 'minReadySeconds', 'revisionHistoryLimit'),
    }),
    status,
  }),
  Job: z.strictObject({
    ...header,
    spec: z.strictObject({
      template,
      selector: labelSelector.optional(),
      parallelism: z.int().min(0).optional(),
      completions: z.int().min(0).optional(),
      suspend: z.boolean().optional(),
      ...accepted(
        'activeDeadlineSeconds',
        'podFailurePolicy',
        'successPolicy',
        'backoffLimit',
        'backoffLimitPerIndex',
        'maxFailedIndexes',
        'failedPodsLimit',
        'manualSelector',
        'ttlSecondsAfterFinished',
        'completionMode',
        'podReplacementPolicy',
        'managedBy',
        'scheduling',
      ),
    }),
    status,
  }),
} as const;

export type WorkloadKind = keyof typeof workloadSchemas;
export type PodSpecFile = z.infer<typeof podSpec>;
export type ContainerFile = z.infer<typeof container>;
export type ProbeFile = z.infer<typeof probe>;
export type TemplateFile = z.infer<typeof template>;
export type StrategyFile = z.infer<typeof strategy>;
