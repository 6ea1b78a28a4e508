<?php
// Makes the site and its accounts, and prints a password for programs for each: `php seed.php SITE ADDRESS`.
$_SERVER += ['HTTP_HOST' => parse_url($argv[2], PHP_URL_HOST), 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET'];
define('WP_INSTALLING', true);
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Torréa', 'editor', 'editor@torrea.example', true, '', wp_generate_password());
update_option('timezone_string', 'Europe/Paris');
update_option('comment_previously_approved', 0);
global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%postname%/');
$wp_rewrite->flush_rules(false);
wp_insert_user(['user_login' => 'reader', 'user_pass' => wp_generate_password(), 'user_email' => 'reader@torrea.example',
    'role' => 'subscriber']);
foreach (['editor', 'reader'] as $name) {
    $made = WP_Application_Passwords::create_new_application_password(get_user_by('login', $name)->ID, ['name' => 'tests']);
    echo $name . ' ' . $made[0] . "\n";
}
