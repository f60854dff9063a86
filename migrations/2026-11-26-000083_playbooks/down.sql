DROP TABLE playbook_application_steps;
DROP TABLE playbook_applications;
DROP TABLE playbook_versions;
DROP TABLE playbooks;
