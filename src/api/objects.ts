/** The Kubernetes objects vpcsim reads, in the API's own field names (data only, defaults already filled in).
 *  Fields that do not bear on the network are left out by the loader. */
import type { Cidr } from '../addressing/cidr.ts';
import type { Origin } from '../base/origin.ts';

export interface Metadata {
  readonly name: string;
  /** `default` where the manifest has none; empty for cluster-scoped kinds. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface KubeObject {
  readonly kind: string;
  readonly metadata: Metadata;
  readonly origin: Origin;
}

export interface LabelSelector {
  readonly matchLabels: Readonly<Record<string, string>>;
  readonly matchExpressions: readonly SelectorExpression[];
}

export interface SelectorExpression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface ContainerPort {
  readonly name?: string | undefined;
  readonly containerPort: number;
  readonly hostPort?: number | undefined;
  readonly hostIP?: string | undefined;
  readonly protocol: Protocol;
}

export interface Probe {
  readonly httpGet?:
    | { readonly path: string; readonly port: number | string; readonly scheme: 'HTTP' | 'HTTPS' }
    | undefined;
  readonly tcpSocket?: { readonly port: number | string } | undefined;
  readonly grpc?: { readonly port: number } | undefined;
  readonly exec: boolean;
}

/** Extended resource: branch ENIs of a trunk (VPC resource controller). */
export const POD_ENI_RESOURCE = 'vpc.amazonaws.com/pod-eni';

/** CPU in millicores, memory in bytes; absent where not requested. */
export interface ResourceRequests {
  readonly cpuMillis?: number | undefined;
  readonly memoryBytes?: number | undefined;
  /** Of POD_ENI_RESOURCE. */
  readonly podEnis?: number | undefined;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly ports: readonly ContainerPort[];
  readonly requests: ResourceRequests;
  readonly limits: ResourceRequests;
  readonly readinessProbe?: Probe | undefined;
  readonly livenessProbe?: Probe | undefined;
  readonly startupProbe?: Probe | undefined;
  /** `Always` marks a sidecar among the init containers. */
  readonly restartPolicy?: 'Always' | undefined;
}

export interface Toleration {
  readonly key: string;
  readonly operator: 'Equal' | 'Exists';
  readonly value: string;
  /** Empty matches every effect. */
  readonly effect: '' | 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

export interface TopologySpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: 'DoNotSchedule' | 'ScheduleAnyway';
  readonly labelSelector: LabelSelector | undefined;
}

export interface NodeSelectorTerm {
  readonly matchExpressions: readonly SelectorExpression[];
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
  readonly nodeName?: string | undefined;
  readonly nodeSelector: Readonly<Record<string, string>>;
  /** requiredDuringSchedulingIgnoredDuringExecution of node affinity: terms are OR-ed. */
  readonly requiredNodeTerms: readonly NodeSelectorTerm[];
  readonly tolerations: readonly Toleration[];
  readonly topologySpreadConstraints: readonly TopologySpreadConstraint[];
  readonly hostNetwork: boolean;
  readonly dnsPolicy: 'ClusterFirst' | 'ClusterFirstWithHostNet' | 'Default' | 'None';
  readonly readinessGates: readonly string[];
  readonly hostname?: string | undefined;
  readonly subdomain?: string | undefined;
  /** Absent: `default`. */
  readonly serviceAccountName?: string | undefined;
}

export interface PodTemplate {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

export interface Pod extends KubeObject {
  readonly kind: 'Pod';
  readonly spec: PodSpec;
  /** What made it: "ReplicaSet/web-6d4cf56db6"; absent for a bare pod. */
  readonly owner?: string | undefined;
  /** As declared in the manifest's status, where it has one; ready once started otherwise. */
  readonly declaredReady?: boolean | undefined;
}

/** How a Deployment replaces its pods; numbers of pods, or percentages of its replicas as written. */
export type DeploymentStrategy =
  | { readonly type: 'Recreate' }
  | {
      readonly type: 'RollingUpdate';
      readonly maxSurge?: number | string | undefined;
      readonly maxUnavailable?: number | string | undefined;
    };

/** Deployment, ReplicaSet, StatefulSet, DaemonSet and Job: what makes pods. */
export interface Workload extends KubeObject {
  readonly kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet' | 'DaemonSet' | 'Job';
  /** 1 for a DaemonSet (its pods follow the nodes). A Job's parallelism. */
  readonly replicas: number;
  readonly selector: LabelSelector;
  readonly template: PodTemplate;
  /** StatefulSet only. */
  readonly serviceName?: string | undefined;
  /** Deployment only; a rolling update where none is written. */
  readonly strategy?: DeploymentStrategy | undefined;
}

export interface ServicePort {
  readonly name: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** Number, or the name of a container port. */
  readonly targetPort: number | string;
  readonly nodePort?: number | undefined;
}

export interface Service extends KubeObject {
  readonly kind: 'Service';
  readonly type: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
  /** As written: an address, `None`, or undefined to have one allocated. */
  readonly clusterIP?: string | undefined;
  readonly ports: readonly ServicePort[];
  /** Undefined: endpoints are managed by hand. */
  readonly selector?: Readonly<Record<string, string>> | undefined;
  readonly externalIPs: readonly string[];
  readonly externalName?: string | undefined;
  readonly externalTrafficPolicy: 'Cluster' | 'Local';
  readonly internalTrafficPolicy: 'Cluster' | 'Local';
  readonly trafficDistribution?: 'PreferClose' | 'PreferSameZone' | 'PreferSameNode' | undefined;
  readonly sessionAffinity: 'None' | 'ClientIP';
  readonly sessionAffinityTimeoutSeconds: number;
  readonly loadBalancerClass?: string | undefined;
  readonly loadBalancerSourceRanges: readonly string[];
  readonly healthCheckNodePort?: number | undefined;
  readonly allocateLoadBalancerNodePorts: boolean;
  readonly publishNotReadyAddresses: boolean;
  /** status.loadBalancer.ingress of the manifest. */
  readonly loadBalancerIngress: readonly {
    readonly ip?: string | undefined;
    readonly hostname?: string | undefined;
    readonly ipMode?: string | undefined;
  }[];
}

export interface SliceEndpoint {
  readonly addresses: readonly string[];
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly nodeName?: string | undefined;
  readonly zone?: string | undefined;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
  /** `ns/name` of the pod behind it. */
  readonly pod?: string | undefined;
}

/** An EndpointSlice; an Endpoints object is read as slices. */
export interface EndpointSlice extends KubeObject {
  readonly kind: 'EndpointSlice';
  readonly service: string;
  readonly addressType: 'IPv4' | 'IPv6' | 'FQDN';
  readonly ports: readonly { readonly name: string; readonly protocol: Protocol; readonly port: number }[];
  readonly endpoints: readonly SliceEndpoint[];
}

export interface IngressBackend {
  readonly service: string;
  /** Number or name of the Service's port; `use-annotation` names an action annotation. */
  readonly port: number | string;
  readonly origin: Origin;
}

export interface IngressPath {
  readonly path: string;
  readonly pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific';
  readonly backend: IngressBackend;
  readonly origin: Origin;
}

export interface IngressRule {
  /** Empty: every host. */
  readonly host: string;
  readonly paths: readonly IngressPath[];
  readonly origin: Origin;
}

export interface Ingress extends KubeObject {
  readonly kind: 'Ingress';
  readonly ingressClassName?: string | undefined;
  readonly defaultBackend?: IngressBackend | undefined;
  readonly rules: readonly IngressRule[];
  readonly tls: readonly { readonly hosts: readonly string[] }[];
}

export interface IngressClass extends KubeObject {
  readonly kind: 'IngressClass';
  readonly controller: string;
  readonly isDefault: boolean;
}

export interface Namespace extends KubeObject {
  readonly kind: 'Namespace';
}

/** A further range of ClusterIPs (networking.k8s.io/v1 ServiceCIDR, KEP-1880). */
export interface ServiceCidr extends KubeObject {
  /** One, or one of each family. */
  readonly cidrs: readonly Cidr[];
}

export interface ServiceAccount extends KubeObject {
  readonly kind: 'ServiceAccount';
}

/** Subnet and security groups of pods under custom networking (crd.k8s.amazonaws.com/v1alpha1 ENIConfig). */
export interface EniConfig extends KubeObject {
  readonly kind: 'ENIConfig';
  readonly subnet: string;
  /** Empty: those of the node's primary ENI. */
  readonly securityGroups: readonly string[];
}

/** Which pods of its namespace get branch ENIs with which groups (vpcresources.k8s.aws/v1beta1 SecurityGroupPolicy).
 *  Without a selector, or without groups, it has no effect. */
export interface SecurityGroupPolicy extends KubeObject {
  readonly kind: 'SecurityGroupPolicy';
  readonly podSelector?: LabelSelector | undefined;
  readonly serviceAccountSelector?: LabelSelector | undefined;
  /** Names of security groups. */
  readonly groupIds: readonly string[];
}

/** Everything read from manifests. Kinds that do not bear on the network are counted, and named once. */
export interface KubeObjects {
  readonly namespaces: readonly Namespace[];
  readonly pods: readonly Pod[];
  readonly workloads: readonly Workload[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly serviceCidrs: readonly ServiceCidr[];
  readonly serviceAccounts: readonly ServiceAccount[];
  readonly eniConfigs: readonly EniConfig[];
  readonly securityGroupPolicies: readonly SecurityGroupPolicy[];
  readonly ignored: readonly { readonly kind: string; readonly count: number }[];
}
