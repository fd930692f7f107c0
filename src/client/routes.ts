/** Where each operation is, and where its parameters go. Made from openapi.yaml by `npm run generate`. */

/**
 * By the beginning of their paths: method, rest of the path, whether there is a body, and the names of parameters: `?` those of the
 * query, `>` headers of the request, `<` headers of the answer.
 */
export const routes = {
  '/v1.0/{project_id}/kms/': {
    'kms.sign': 'POST sign body',
    'kms.verify': 'POST verify body',
    'kms.getPublicKey': 'POST get-publickey body',
    'kms.describeKey': 'POST describe-key body',
    'kms.listKeys': 'POST list-keys body',
    'kms.createKey': 'POST create-key body',
    'kms.enableKey': 'POST enable-key body',
    'kms.disableKey': 'POST disable-key body',
    'kms.scheduleKeyDeletion': 'POST schedule-key-deletion body',
    'kms.cancelKeyDeletion': 'POST cancel-key-deletion body',
    'kms.updateKeyAlias': 'POST update-key-alias body',
    'kms.updateKeyDescription': 'POST update-key-description body',
    'kms.encryptData': 'POST encrypt-data body',
    'kms.decryptData': 'POST decrypt-data body',
    'kms.createDatakey': 'POST create-datakey body',
    'kms.createDatakeyWithoutPlaintext': 'POST create-datakey-without-plaintext body',
    'kms.encryptDatakey': 'POST encrypt-datakey body',
    'kms.decryptDatakey': 'POST decrypt-datakey body',
    'kms.genRandom': 'POST gen-random body',
    'kms.generateMac': 'POST generate-mac body',
    'kms.verifyMac': 'POST verify-mac body',
    'kms.getParametersForImport': 'POST get-parameters-for-import body',
    'kms.importKeyMaterial': 'POST import-key-material body',
    'kms.deleteImportedKeyMaterial': 'POST delete-imported-key-material body',
    'kms.enableKeyRotation': 'POST enable-key-rotation body',
    'kms.disableKeyRotation': 'POST disable-key-rotation body',
    'kms.updateKeyRotationInterval': 'POST update-key-rotation-interval body',
    'kms.getKeyRotationStatus': 'POST get-key-rotation-status body',
    'kms.rotateOnDemand': 'POST rotate-on-demand body',
    'kms.createGrant': 'POST create-grant body',
    'kms.revokeGrant': 'POST revoke-grant body',
    'kms.retireGrant': 'POST retire-grant body',
    'kms.listGrants': 'POST list-grants body',
    'kms.listRetirableGrants': 'POST list-retirable-grants body',
    'kms.listAliases': 'GET aliases ?key_id,limit,marker',
    'kms.createAlias': 'POST aliases body',
    'kms.deleteAliases': 'DELETE aliases body',
    'kms.associateAlias': 'POST alias/associate body',
    'kms.showUserInstances': 'GET user-instances',
    'kms.showUserQuotas': 'GET user-quotas',
    'kms.listProjectTags': 'GET tags',
    'kms.listKeysByTag': 'POST resource_instances/action body',
    'kms.listKeyTags': 'GET {key_id}/tags',
    'kms.createKeyTag': 'POST {key_id}/tags body',
    'kms.changeKeyTags': 'POST {key_id}/tags/action body',
    'kms.deleteKeyTag': 'DELETE {key_id}/tags/{key}',
    'kms.createRsaDatakeyPair': 'POST create-rsa-datakey-pair body',
    'kms.createEcDatakeyPair': 'POST create-ec-datakey-pair body',
    'kms.reEncrypt': 'POST re-encrypt body',
    'kms.deriveSharedSecret': 'POST derive-shared-secret body',
  },
  '/': {
    'kms.listKeystores': 'GET v1.0/{project_id}/keystores ?offset',
    'kms.createKeystore': 'POST v1.0/{project_id}/keystores body',
    'credentials.issueTemporaryAccessKey': 'POST v3.0/OS-CREDENTIAL/securitytokens body',
    'iam.showVersion': 'GET v3',
    'kms.listVersions': 'GET ',
    'kms.showVersion': 'GET v1.0',
    'apigw.listGateways': 'GET v2/{project_id}/apigw/instances ?offset,limit,instance_id,instance_name,status',
    'apigw.showGateway': 'GET v2/{project_id}/apigw/instances/{instance_id}',
  },
  '/v3/': {
    'iam.showToken': 'GET auth/tokens ?nocatalog >X-Subject-Token <X-Subject-Token',
    'iam.checkToken': 'HEAD auth/tokens ?nocatalog >X-Subject-Token <X-Subject-Token',
    'iam.issueToken': 'POST auth/tokens body ?nocatalog <X-Subject-Token',
    'iam.revokeToken': 'DELETE auth/tokens ?nocatalog >X-Subject-Token',
    'iam.listCatalog': 'GET auth/catalog',
    'iam.listProjects': 'GET projects ?name,domain_id,parent_id,enabled,is_domain',
    'iam.showProject': 'GET projects/{id}',
    'iam.listUserProjects': 'GET users/{id}/projects',
    'iam.listOwnProjects': 'GET auth/projects',
    'iam.listOwnDomains': 'GET auth/domains ?name',
    'iam.listRegions': 'GET regions',
  },
  '/v2/{project_id}/apigw/instances/{instance_id}/': {
    'apigw.listSignatureKeys': 'GET signs ?offset,limit,id,name,precise_search',
    'apigw.createSignatureKey': 'POST signs body',
    'apigw.updateSignatureKey': 'PUT signs/{sign_id} body',
    'apigw.deleteSignatureKey': 'DELETE signs/{sign_id}',
    'apigw.bindSignatureKey': 'POST sign-bindings body',
    'apigw.listApisBoundToKey': 'GET sign-bindings/binded-apis ?offset,limit,sign_id,env_id,api_id,api_name,group_id',
    'apigw.listKeysBoundToApi': 'GET sign-bindings/binded-signs ?offset,limit,api_id,sign_id,sign_name,env_id',
    'apigw.listApisNotBoundToKey':
      'GET sign-bindings/unbinded-apis ?offset,limit,sign_id,env_id,api_id,api_name,group_id',
    'apigw.unbindSignatureKey': 'DELETE sign-bindings/{sign_bindings_id}',
    'apigw.listApis':
      'GET apis ?offset,limit,id,name,group_id,req_protocol,req_method,req_uri,auth_type,env_id,type,precise_search',
    'apigw.createApi': 'POST apis body',
    'apigw.changeApiState': 'POST apis/action body',
    'apigw.listApiVersions': 'GET apis/publish/{api_id} ?offset,limit,env_id,env_name',
    'apigw.showApi': 'GET apis/{api_id}',
    'apigw.updateApi': 'PUT apis/{api_id} body',
    'apigw.deleteApi': 'DELETE apis/{api_id}',
    'apigw.listApiGroups': 'GET api-groups ?offset,limit,id,name,precise_search',
    'apigw.createApiGroup': 'POST api-groups body',
    'apigw.showApiGroup': 'GET api-groups/{group_id}',
    'apigw.updateApiGroup': 'PUT api-groups/{group_id} body',
    'apigw.deleteApiGroup': 'DELETE api-groups/{group_id}',
    'apigw.listEnvironments': 'GET envs ?offset,limit,name',
    'apigw.createEnvironment': 'POST envs body',
    'apigw.updateEnvironment': 'PUT envs/{env_id} body',
    'apigw.deleteEnvironment': 'DELETE envs/{env_id}',
  },
  '/_signet/': {
    'emulator.listProjects': 'GET projects',
    'emulator.createProject': 'POST projects body',
    'emulator.deleteProject': 'DELETE projects/{project_id}',
    'emulator.issueToken': 'POST projects/{project_id}/tokens body',
    'emulator.listFaults': 'GET faults',
    'emulator.addFault': 'POST faults body',
    'emulator.clearFaults': 'DELETE faults',
    'emulator.showFault': 'GET faults/{fault_id}',
    'emulator.deleteFault': 'DELETE faults/{fault_id}',
    'emulator.showClock': 'GET clock',
    'emulator.setClock': 'PUT clock body',
    'emulator.resetClock': 'DELETE clock',
    'emulator.advanceClock': 'POST clock/advance body',
    'emulator.listJournal':
      'GET journal ?operation,project_id,key_id,access,user_id,outcome,status,code,after,limit,wait_seconds,at_least',
    'emulator.clearJournal': 'DELETE journal',
    'emulator.showJournalEntry': 'GET journal/{request_id}',
    'emulator.explainRequest': 'GET journal/{request_id}/explanation',
    'emulator.explain': 'POST explain body',
    'emulator.signForBackend': 'POST apigw/sign body',
    'emulator.verifyForBackend': 'POST apigw/verify body',
    'emulator.listForwardedRequests': 'GET apigw/requests ?limit',
    'emulator.clearForwardedRequests': 'DELETE apigw/requests',
    'emulator.listOciTenancies': 'GET oci/tenancies',
    'emulator.createOciTenancy': 'POST oci/tenancies body',
    'emulator.deleteOciTenancy': 'DELETE oci/tenancies/{tenancy_id}',
    'emulator.listOciUsers': 'GET oci/users ?tenancy_id',
    'emulator.createOciUser': 'POST oci/users body',
    'emulator.showOciUser': 'GET oci/users/{user_id}',
    'emulator.deleteOciUser': 'DELETE oci/users/{user_id}',
    'emulator.listOciKeys': 'GET oci/users/{user_id}/keys',
    'emulator.addOciKey': 'POST oci/users/{user_id}/keys body',
    'emulator.changeOciKey': 'PUT oci/users/{user_id}/keys/{fingerprint} body',
    'emulator.deleteOciKey': 'DELETE oci/users/{user_id}/keys/{fingerprint}',
    'emulator.makeOciKeyPair': 'POST oci/keypairs body',
    'emulator.verifyOciRequest': 'POST oci/verify body',
    'emulator.listOciDeployments': 'GET oci/deployments',
    'emulator.createOciDeployment': 'POST oci/deployments body',
    'emulator.showOciDeployment': 'GET oci/deployments/{deployment_id}',
    'emulator.deleteOciDeployment': 'DELETE oci/deployments/{deployment_id}',
    'emulator.listOciRequests': 'GET oci/requests ?limit',
    'emulator.clearOciRequests': 'DELETE oci/requests',
    'emulator.reset': 'POST reset body',
    'emulator.exportState': 'POST state/export body',
    'emulator.importState': 'POST state/import body',
    'emulator.listSnapshots': 'GET snapshots',
    'emulator.takeSnapshot': 'PUT snapshots/{name}',
    'emulator.deleteSnapshot': 'DELETE snapshots/{name}',
    'emulator.restoreSnapshot': 'POST snapshots/{name}/restore',
    'emulator.showHealth': 'GET health',
    'emulator.showVersion': 'GET version',
    'emulator.showMetrics': 'GET metrics',
    'emulator.showContract': 'GET openapi.json',
    'emulator.showCaCertificate': 'GET ca.pem',
  },
} as const;

/** Headers that an answer brings. */
export interface AnswerHeaders {
  'iam.showToken': 'X-Subject-Token';
  'iam.checkToken': 'X-Subject-Token';
  'iam.issueToken': 'X-Subject-Token';
}

/** Fields of a body that have a default: a client may leave them out. */
export interface DefaultedFields {
  'kms.sign': 'message_type';
  'kms.verify': 'message_type';
  'kms.createKey': 'key_spec' | 'origin' | 'enterprise_project_id';
  'kms.encryptData': 'encryption_algorithm';
  'kms.decryptData': 'encryption_algorithm';
  'kms.createGrant': 'grantee_principal_type';
  'kms.createRsaDatakeyPair': 'with_plain_text';
  'kms.createEcDatakeyPair': 'with_plain_text';
  'kms.reEncrypt': 'source_encryption_algorithm' | 'destination_encryption_algorithm';
  'emulator.issueToken': 'lifetime_seconds';
  'emulator.addFault': 'operation' | 'phase' | 'skip' | 'probability';
  'emulator.signForBackend': 'sign_type';
  'emulator.createOciUser': 'is_administrator';
  'emulator.changeOciKey': 'inactive_status';
  'emulator.makeOciKeyPair': 'bits' | 'format' | 'label' | 'region' | 'key_file';
  'emulator.reset': 'to';
}
