import { createApp } from 'vue';
import App from './App.vue';
import { i18n, language, setLanguage } from './i18n.ts';
import { followBuilds } from './newer-build.ts';
import { shown } from './shown.ts';
import './styles/tokens.css';
import './styles/base.css';
import { startTheme } from './theme.ts';

followBuilds();
startTheme();
setLanguage(language());
const app = createApp(App).use(i18n);
app.config.globalProperties['$shown'] = shown;
app.mount('#app');
