import type { Bilingual } from '../finding/finding.ts';

/** Functions of the engine that no query of people may use, by why. */
export const REFUSED: Readonly<Record<RefusalOfFunction, readonly string[]>> = {
  host: words(`
    buildId catboostEvaluate chdb connection_id connectionId displayName file filesystemAvailable filesystemCapacity
    filesystemUnreserved FQDN fullHostName getOSKernelVersion getServerPort hasThreadFuzzer hostName hostname
    revision serverUUID showCertificate tcpPort uptime version zookeeperSessionUptime
  `),
  settings: words(`
    authenticatedUser authUser current_database current_query_id current_schemas current_user currentDatabase
    currentProfiles currentQueryID currentRoles currentSchemas currentUser DATABASE defaultProfiles defaultRoles
    enabledProfiles enabledRoles getClientHTTPHeader getMacro getMaxTableNameLengthForDatabase getMergeTreeSetting
    getServerSetting getSetting getSettingOrDefault globalVariable initial_query_id initial_query_start_time
    initialQueryID initialQueryStartTime query_id queryID runningConcurrency SCHEMA session_user shardCount shardNum
    transactionID transactionLatestSnapshot transactionOldestSnapshot user
  `),
  tables: words(`
    dictGet dictGetAll dictGetChildren dictGetDate dictGetDateOrDefault dictGetDateTime dictGetDateTimeOrDefault
    dictGetDescendants dictGetFloat32 dictGetFloat32OrDefault dictGetFloat64 dictGetFloat64OrDefault
    dictGetHierarchy dictGetInt16 dictGetInt16OrDefault dictGetInt32 dictGetInt32OrDefault dictGetInt64
    dictGetInt64OrDefault dictGetInt8 dictGetInt8OrDefault dictGetIPv4 dictGetIPv4OrDefault dictGetIPv6
    dictGetIPv6OrDefault dictGetKeys dictGetOrDefault dictGetOrNull dictGetRoot dictGetString dictGetStringOrDefault
    dictGetUInt16 dictGetUInt16OrDefault dictGetUInt32 dictGetUInt32OrDefault dictGetUInt64 dictGetUInt64OrDefault
    dictGetUInt8 dictGetUInt8OrDefault dictGetUUID dictGetUUIDOrDefault dictHas dictIsIn evalMLMethod
    hasColumnInTable joinGet joinGetOrNull naiveBayesClassifier naiveBayesClassifierWithAllProbs
    naiveBayesClassifierWithProb regionHierarchy regionIn regionToArea regionToCity regionToContinent
    regionToCountry regionToDistrict regionToName regionToPopulation regionToTopContinent
  `),
  network: words(`
    AIClassify aiClassify aiEmbed AIExtract aiExtract AIGenerate aiGenerate AITranslate aiTranslate
  `),
  keys: words(`
    aes_decrypt_mysql aes_encrypt_mysql decrypt encrypt HMAC tryDecrypt
  `),
  effects: words(`
    aggThrow generateSerialID logTrace sleep sleepEachRow throwIf timeSeriesStoreTags
    timeSeriesThrowDuplicateSeriesIf
  `),
  internal: words(`
    __actionName __applyFilter __bitBoolMaskAnd __bitBoolMaskOr __bitSwapLastTwo __bitWrapperFunc __getScalar
    __patchPartitionID __scalarSubqueryResult __toYearCalendarOnly addressToLine addressToLineWithInlines
    addressToSymbol blockNumber blockSerializedSize blockSize defaultValueOfArgumentType defaultValueOfTypeName
    demangle dumpColumnStructure errorCodeToName estimateCompressionRatio flameGraph formatQuery formatQueryOrNull
    formatQuerySingleLine formatQuerySingleLineOrNull formatRow formatRowNoNewline fuzzBits fuzzQuery
    generateRandomStructure getTypeSerializationStreams globalInIgnoreSet globalNotInIgnoreSet
    globalNotNullInIgnoreSet globalNullInIgnoreSet highlightQuery icebergBucket icebergHash icebergTruncate
    inIgnoreSet initializeAggregation isMergeTreePartCoveredBy lowCardinalityIndices lowCardinalityKeys
    mergeTreePartInfo neighbor nested normalizedQueryHash normalizedQueryHashKeepNames normalizeQuery
    normalizeQueryKeepNames nothing nothingNull nothingUInt64 notInIgnoreSet notNullInIgnoreSet nowInBlock
    nowInBlock64 nullInIgnoreSet obfuscateQuery obfuscateQueryWithSeed partitionId partitionID runningAccumulate runningDifference runningDifferenceStartingWithFirstValue
    stochasticLinearRegression stochasticLogisticRegression structureToCapnProtoSchema structureToProtobufSchema tid
    timeSeriesCopyTag timeSeriesCopyTags timeSeriesExtractTag timeSeriesGroupToSamplingKey timeSeriesGroupToTags
    timeSeriesIdToGroup timeSeriesIdToTags timeSeriesIdToTagsGroup timeSeriesJoinTags timeSeriesRemoveAllTagsExcept
    timeSeriesRemoveTag timeSeriesRemoveTags timeSeriesReplaceTag timeSeriesTagsGroupToTags timeSeriesTagsToGroup
    tokenizeQuery validateNestedArraySizes
  `),
};

export type RefusalOfFunction = 'host' | 'settings' | 'tables' | 'network' | 'keys' | 'effects' | 'internal';

/** Why, and what to do instead. */
export const REASONS: Readonly<Record<RefusalOfFunction, { why: Bilingual; instead: Bilingual }>> = {
  host: {
    why: { zh: '它读取主机上的文件或透露主机信息', en: 'it reads files of the machine or tells about it' },
    instead: { zh: '查询只能使用表中的列。', en: 'Use the columns of the tables.' },
  },
  settings: {
    why: { zh: '它透露设置、账号或会话', en: 'it tells about settings, accounts or the session' },
    instead: {
      zh: '请直接写出所需的值，或使用参数 {name:Type}。',
      en: 'Write the value, or use a parameter {name:Type}.',
    },
  },
  tables: {
    why: { zh: '它读取未开放的字典或表', en: 'it reads dictionaries or tables that are not open to queries' },
    instead: { zh: '请用 JOIN 关联 registry 等开放的表。', en: 'Join a table that may be read, such as registry.' },
  },
  network: {
    why: { zh: '它会连接网络上的服务', en: 'it calls services over the network' },
    instead: { zh: '请去掉这个函数。', en: 'Leave it out.' },
  },
  keys: {
    why: { zh: '查询不处理密钥', en: 'queries have no business with keys' },
    instead: { zh: '比较可用 SHA256 或 sipHash64。', en: 'Compare with SHA256 or sipHash64.' },
  },
  effects: {
    why: {
      zh: '它会等待、报错或改变状态，而不是计算',
      en: 'it waits, fails or changes something instead of computing',
    },
    instead: { zh: '请去掉这个函数。', en: 'Leave it out.' },
  },
  internal: {
    why: { zh: '它涉及存储引擎的内部', en: 'it is about the inside of the engine' },
    instead: {
      zh: '请使用窗口函数（如 lagInFrame、row_number）或普通函数。',
      en: 'Use window functions such as lagInFrame and row_number, or plain functions.',
    },
  },
};

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
