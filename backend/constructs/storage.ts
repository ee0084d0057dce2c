import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'

const locked = {
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  // What people photographed and paid for outlives the stack.
  removalPolicy: RemovalPolicy.RETAIN,
} as const

// Longer than any upload that a person still means to finish.
const staleMultipart = Duration.days(7)

/** The bucket of photos and results, and the one of its access logs. */
export class Storage extends Construct {
  readonly data: Bucket
  readonly logs: Bucket

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.logs = new Bucket(this, 'Logs', {
      ...locked,
      lifecycleRules: [{ id: 'expire', expiration: Duration.days(90), abortIncompleteMultipartUploadAfter: staleMultipart }],
    })
    this.data = new Bucket(this, 'Data', {
      ...locked,
      versioned: true,
      serverAccessLogsBucket: this.logs,
      serverAccessLogsPrefix: 'data/',
      lifecycleRules: [
        {
          id: 'stale',
          abortIncompleteMultipartUploadAfter: staleMultipart,
          // A result that was overwritten or deleted by mistake can be brought back for a month.
          noncurrentVersionExpiration: Duration.days(30),
          expiredObjectDeleteMarker: true,
        },
      ],
    })
  }
}
