import { Construct } from 'constructs';
import { BaseStack } from '../../stacks/base-stack.ts';
import type { AlertTopic } from './alert-topic.ts';
import { EncryptionKey } from './encryption-key.ts';
import { ImageCache } from './image-cache.ts';
import { ImageRepository } from './image-repository.ts';
import { ImageScanning } from './image-scanning.ts';
import { pipelineTrust, type Pipeline } from './pipeline-trust.ts';
import { Role } from './role.ts';

export interface ImageRegistryProps {
  /** Whether Inspector looks at images again when faults become known. */
  readonly enhancedScanning: boolean;
  readonly alerts: AlertTopic;
  /** Who pushes images. */
  readonly pipeline: Pipeline;
  readonly isProtected: boolean;
}

/** All images that run: those of our programs, and those of others, fetched once. */
export class ImageRegistry extends Construct {
  readonly repositories: { readonly api: ImageRepository; readonly worker: ImageRepository };
  readonly cache: ImageCache;

  constructor(scope: Construct, id: string, { enhancedScanning, alerts, pipeline, isProtected }: ImageRegistryProps) {
    super(scope, id);
    const key = new EncryptionKey(this, 'ImagesKey', { name: 'images', description: 'Images in ECR' });
    this.repositories = {
      api: new ImageRepository(this, 'Api', { name: 'api', key, isProtected }),
      worker: new ImageRepository(this, 'Worker', { name: 'worker', key, isProtected }),
    };
    this.cache = new ImageCache(this, 'Cache', { key });
    new ImageScanning(this, 'Scanning', { enhanced: enhancedScanning, alerts });
    this.#addPublisher(pipeline);
  }

  /** Apart from the roles that plan and apply: building an image takes no right to change anything else. */
  #addPublisher(pipeline: Pipeline): void {
    const publisher = new Role(this, 'Publisher', {
      name: 'publish',
      description: 'Pushes images of our programs',
      trust: pipelineTrust(BaseStack.of(this), pipeline),
    });
    publisher.allow('SignIn', [{ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }]);
    for (const repository of Object.values(this.repositories)) repository.grantPush(publisher);
  }
}
