/** A network interface that EKS puts into a cluster subnet: nodes and pods reach the API server there, and from there
 *  the API server dials kubelets, webhooks and aggregated APIs at their own addresses, never through a Service
 *  ("Amazon EKS networking requirements for VPC and subnets"). */
import { TCP } from '../packet/protocol.ts';
import { behaviour } from '../trace/device.ts';
import { deliverTo, type ListeningPort } from '../trace/listening.ts';
import { LOCAL } from '../trace/outcome.ts';
import { type BehindInterface, sendOwn } from './own-interface.ts';

export interface EksControlPlane extends BehindInterface {
  readonly kind: 'eks-control-plane';
  readonly listening: readonly ListeningPort[];
}

/** What the API server listens on. */
export const apiServerListening: readonly ListeningPort[] = [
  { protocol: TCP, port: 443, by: 'the Kubernetes API server' },
];

export const eksControlPlane = behaviour<EksControlPlane>({
  kind: 'eks-control-plane',
  label: 'EKS control plane',
  icon: 'eks',
  notModelled: ['authentication and authorisation', 'which of its interfaces the API server dials from'],
  receive(self, packet, walk) {
    return walk.port === LOCAL ? sendOwn(self, walk, packet) : deliverTo(walk, packet, self.listening);
  },
});
