import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import {
  AccountRecovery,
  CfnIdentityPool,
  CfnIdentityPoolPrincipalTag,
  CfnIdentityPoolRoleAttachment,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito'
import { FederatedPrincipal, type PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import type { IBucket } from 'aws-cdk-lib/aws-s3'
import { Construct } from 'constructs'
import { redirectOf, signInPorts } from '../../core/cloud/people.ts'
import { allow } from './functions.ts'

type Parts = { readonly data: IBucket; readonly environment: string; readonly mayCall: readonly string[] }

/** Who may come in, and each person's own place in the bucket: the tag `tenant` is the person's id in the user pool. */
export class Identity extends Construct {
  readonly userPool: UserPool
  readonly client: UserPoolClient
  readonly identityPool: CfnIdentityPool
  readonly domain: string

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id)
    this.userPool = new UserPool(this, 'People', {
      // People are invited by the owner of the account, who pays for what they do.
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      autoVerify: { email: true },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: { minLength: 12, requireLowercase: true, requireUppercase: true, requireDigits: true, requireSymbols: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: FeaturePlan.ESSENTIALS,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    this.client = this.userPool.addClient('Desktop', {
      generateSecret: false,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL],
        callbackUrls: signInPorts.map(redirectOf),
        logoutUrls: signInPorts.map((port) => `http://localhost:${port}/signed-out`),
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
    })
    const domain = this.userPool.addDomain('SignIn', {
      cognitoDomain: { domainPrefix: `spaceport-${parts.environment}-${Stack.of(this).account}` },
    })
    this.domain = domain.baseUrl()
    this.identityPool = this.addPool()
    this.addPersonRole(parts)
  }

  private addPool(): CfnIdentityPool {
    const pool = new CfnIdentityPool(this, 'Pool', {
      allowUnauthenticatedIdentities: false,
      allowClassicFlow: false,
      cognitoIdentityProviders: [
        { clientId: this.client.userPoolClientId, providerName: this.userPool.userPoolProviderName, serverSideTokenCheck: true },
      ],
    })
    new CfnIdentityPoolPrincipalTag(this, 'TenantTag', {
      identityPoolId: pool.ref,
      identityProviderName: this.userPool.userPoolProviderName,
      principalTags: { tenant: 'sub' },
      useDefaults: false,
    })
    return pool
  }

  private addPersonRole(parts: Parts): void {
    const trust = {
      StringEquals: { 'cognito-identity.amazonaws.com:aud': this.identityPool.ref },
      'ForAnyValue:StringLike': { 'cognito-identity.amazonaws.com:amr': 'authenticated' },
    }
    const person = new FederatedPrincipal('cognito-identity.amazonaws.com', trust, 'sts:AssumeRoleWithWebIdentity').withSessionTags()
    const role = new Role(this, 'Person', { assumedBy: person })
    for (const statement of personStatements(parts)) role.addToPolicy(statement)
    new CfnIdentityPoolRoleAttachment(this, 'Roles', { identityPoolId: this.identityPool.ref, roles: { authenticated: role.roleArn } })
  }
}

/** What a person may do: send photos and manifests, read results, all below the own prefix; and ask the API. */
function personStatements({ data, mayCall }: Parts): PolicyStatement[] {
  const own = 't/${aws:PrincipalTag/tenant}'
  const sent = [data.arnForObjects(`${own}/photos/*`), data.arnForObjects(`${own}/captures/*`)]
  const list = allow(['s3:ListBucket'], [data.bucketArn])
  list.addCondition('StringLike', { 's3:prefix': `${own}/*` })
  return [
    allow(['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], sent),
    allow(['s3:GetObject'], [data.arnForObjects(`${own}/*`)]),
    list,
    allow(['execute-api:Invoke'], mayCall),
  ]
}
