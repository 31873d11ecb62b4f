import type { Bilingual } from '../../src/finding/finding.ts';

/** A department of the simulated city, with its systems and its ten datasets. */
export interface DepartmentPlan {
  id: string;
  name: Bilingual;
  /** Local working hours of a workday, minutes after midnight. */
  workingHours: { from: number; to: number };
  systems: readonly SystemPlan[];
}

export interface SystemPlan {
  id: string;
  name: Bilingual;
  /** How its data accesses are logged. */
  log: AccessLog;
}

/**
 * - `json`: own JSON over /ingest, with rows;
 * - `pgaudit`: PostgreSQL with pgaudit over syslog, with rows;
 * - `csvlog`: PostgreSQL csvlog file with pgaudit, with rows;
 * - `gateway`: ECS JSON over `_bulk`; states bytes, no rows.
 */
export type AccessLog = 'json' | 'pgaudit' | 'csvlog' | 'gateway';

const office = { from: 510, to: 1050 }; // 08:30–17:30
const counter = { from: 540, to: 1080 }; // 09:00–18:00

function department(
  id: string,
  zh: string,
  en: string,
  workingHours: { from: number; to: number },
  systems: readonly (readonly [id: string, zh: string, en: string, log: AccessLog])[],
): DepartmentPlan {
  return {
    id,
    name: { zh, en },
    workingHours,
    systems: systems.map(([key, systemZh, systemEn, log]) => ({
      id: `${id}-${key}`,
      name: { zh: systemZh, en: systemEn },
      log,
    })),
  };
}

/** 12 departments with 40 systems. */
export const DEPARTMENTS: readonly DepartmentPlan[] = [
  department('data', '市数据局', 'Data Bureau', office, [
    ['exchange', '政务数据共享交换平台', 'Data exchange platform', 'json'],
    ['lake', '公共数据湖', 'Public data lake', 'pgaudit'],
    ['gateway', '统一接口网关', 'API gateway', 'gateway'],
    ['portal', '政务服务网', 'Public service portal', 'json'],
  ]),
  department('police', '市公安局', 'Public Security Bureau', office, [
    ['population', '人口信息系统', 'Population information system', 'pgaudit'],
    ['command', '110接处警系统', 'Emergency call dispatch', 'json'],
    ['traffic', '交通管理系统', 'Traffic police system', 'csvlog'],
    ['permit', '出入境与证照系统', 'Exit-entry and permits', 'gateway'],
  ]),
  department('civil', '市民政局', 'Civil Affairs Bureau', office, [
    ['marriage', '婚姻登记系统', 'Marriage registration', 'json'],
    ['relief', '社会救助系统', 'Social assistance', 'pgaudit'],
    ['elderly', '养老服务平台', 'Elderly care platform', 'gateway'],
  ]),
  department('hrss', '市人社局', 'Human Resources and Social Security', office, [
    ['insurance', '社会保险系统', 'Social insurance', 'pgaudit'],
    ['employment', '就业服务系统', 'Employment service', 'json'],
    ['talent', '人事人才系统', 'Personnel and talent', 'csvlog'],
  ]),
  department('health', '市卫健委', 'Health Commission', office, [
    ['records', '居民健康档案', 'Resident health records', 'pgaudit'],
    ['hospital', '医疗机构监管', 'Hospital supervision', 'json'],
    ['disease', '疾控直报系统', 'Disease control reporting', 'json'],
    ['vaccine', '预防接种系统', 'Vaccination', 'gateway'],
  ]),
  department('edu', '市教育局', 'Education Bureau', office, [
    ['students', '学籍管理系统', 'Student register', 'pgaudit'],
    ['exams', '招生考试系统', 'Examinations and admission', 'json'],
    ['teachers', '教师管理系统', 'Teacher register', 'gateway'],
    ['campus', '智慧校园平台', 'Smart campus', 'json'],
  ]),
  department('market', '市市场监管局', 'Market Regulation Bureau', counter, [
    ['register', '市场主体登记', 'Business registration', 'json'],
    ['credit', '信用监管系统', 'Credit supervision', 'pgaudit'],
    ['food', '食品药品监管', 'Food and drug supervision', 'csvlog'],
  ]),
  department('tax', '市税务局', 'Tax Bureau', counter, [
    ['levy', '征管系统', 'Tax collection', 'pgaudit'],
    ['invoice', '发票管理系统', 'Invoice management', 'json'],
    ['person', '个人所得税系统', 'Individual income tax', 'gateway'],
  ]),
  department('land', '市自然资源局', 'Natural Resources Bureau', office, [
    ['estate', '不动产登记系统', 'Real estate registration', 'pgaudit'],
    ['map', '空间地理信息平台', 'Geographic information', 'json'],
    ['mining', '矿产资源系统', 'Mineral resources', 'json'],
  ]),
  department('housing', '市住建局', 'Housing and Construction Bureau', office, [
    ['fund', '住房公积金系统', 'Housing provident fund', 'pgaudit'],
    ['works', '工程建设审批', 'Construction approval', 'json'],
    ['rent', '保障性住房系统', 'Affordable housing', 'json'],
  ]),
  department('transport', '市交通运输局', 'Transport Bureau', office, [
    ['vehicles', '营运车辆系统', 'Commercial vehicles', 'json'],
    ['roads', '路网监测平台', 'Road network monitoring', 'pgaudit'],
    ['cards', '公交一卡通', 'Transit cards', 'csvlog'],
  ]),
  department('emergency', '市应急管理局', 'Emergency Management Bureau', office, [
    ['plan', '应急指挥平台', 'Emergency command', 'json'],
    ['hazard', '危化品监管', 'Hazardous chemicals', 'json'],
    ['ops', '运维与堡垒机平台', 'Operations and bastion', 'json'],
  ]),
];
