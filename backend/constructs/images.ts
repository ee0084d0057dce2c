import { CfnParameter, RemovalPolicy } from 'aws-cdk-lib'
import { Repository, RepositoryEncryption, TagMutability } from 'aws-cdk-lib/aws-ecr'
import { Construct } from 'constructs'

/** The stages' images by the names of their folders under containers/. */
export const imageNames = ['sfm', '3dgs', 'compressor'] as const
export type ImageName = (typeof imageNames)[number]

const parameterNames: Readonly<Record<ImageName, string>> = { sfm: 'SfmDigest', '3dgs': 'TrainDigest', compressor: 'CompressorDigest' }

/** What a digest is before the first image was pushed; /start-job refuses to start with it. */
export const noDigest = `sha256:${'0'.repeat(64)}`

/** The registries; each image is named by its digest, so that a run says for ever what it was made with. */
export class Images extends Construct {
  readonly repositories: Readonly<Record<ImageName, Repository>>
  readonly digests: Readonly<Record<ImageName, string>>
  readonly uris: Readonly<Record<ImageName, string>>

  constructor(scope: Construct, id: string, prefix: string) {
    super(scope, id)
    const one = <T>(make: (name: ImageName) => T): Record<ImageName, T> => ({
      sfm: make('sfm'),
      '3dgs': make('3dgs'),
      compressor: make('compressor'),
    })
    this.repositories = one(
      (name) =>
        new Repository(this, name, {
          repositoryName: `${prefix}/${name}`,
          imageTagMutability: TagMutability.IMMUTABLE,
          imageScanOnPush: true,
          encryption: RepositoryEncryption.AES_256,
          // The image that runs today is the newest; older ones are kept for going back.
          lifecycleRules: [{ maxImageCount: 10 }],
          removalPolicy: RemovalPolicy.RETAIN,
        }),
    )
    this.digests = one((name) => digestParameter(scope, name).valueAsString)
    this.uris = one((name) => `${this.repositories[name].repositoryUri}@${this.digests[name]}`)
  }
}

// On the stack itself, because deploy.sh gives it by this very name.
function digestParameter(stack: Construct, name: ImageName): CfnParameter {
  return new CfnParameter(stack, parameterNames[name], {
    type: 'String',
    default: noDigest,
    allowedPattern: 'sha256:[0-9a-f]{64}',
    description: `Digest of the image ${name}, set by build/deploy.sh after the push`,
  })
}
