//! Traditional characters that occur in notices, read as simplified. Only one-to-one pairs of
//! this field's vocabulary: quotes keep the page's own form.

use std::sync::LazyLock;

/// Traditional and simplified, in pairs.
const PAIRS: &str = "領领證证書书發发時时間间點点單单電电話话郵邮遞递號号報报銷销補补辦办資资專专業业\
術术與与軟软體体計计機机試试員员場场現现當当區区縣县縂总總总會会務务處处學学歷历\
歲岁後后從从來来開开關关無无為为於于個个們们應应該该須须請请說说註注記记錄录錢钱\
費费貨货雙双親亲簽签認认識识詢询諮咨訊讯網网頁页線线絡络聯联繫系係系統统結结級级\
紙纸組组終终經经續续維维綜综絕绝給给綠绿編编縮缩繳缴實实審审寫写寬宽對对導导將将\
屆届層层屬属島岛師师帶带幣币幹干廳厅廣广張张強强彈弹彙汇復复徑径恆恒悅悦懸悬戶户\
扺抵換换據据擇择擔担攜携攔拦數数斷断東东極极構构樓楼標标樣样權权歡欢歸归殘残沒没\
況况淨净減减測测準准滿满漢汉潔洁濟济灣湾營营爭争牆墙狀状獨独獎奖環环產产畢毕異异\
疊叠療疗監监盤盘眾众確确碼码祕秘禮礼種种積积稅税穩稳竊窃筆笔節节範范築筑簡简籤签\
糾纠紅红約约細细紹绍絲丝綫线緊紧練练罰罚習习聖圣聽听職职脫脱臺台舉举舊旧莊庄華华\
萬万葉叶蓋盖蘇苏蘭兰虛虚衛卫衝冲裝装複复規规視视覽览觀观訂订託托設设許许評评詳详\
誤误課课調调談谈諾诺謹谨譯译議议護护讀读變变讓让財财貧贫購购責责貴贵貼贴買买賣卖\
質质賬账賴赖贈赠趕赶跡迹軌轨軍军載载較较輔辅輛辆輯辑輸输轄辖轉转辭辞農农迴回遠远\
適适遲迟遷迁選选還还鄉乡醫医釋释針针鈔钞銀银錯错鎮镇鏈链長长門门閉闭閱阅隊队階阶\
際际陝陕陽阳隨随險险雜杂離离難难雲云靈灵韓韩順顺預预頒颁頭头題题額额類类顧顾風风\
飛飞館馆駐驻驗验髮发鬧闹魯鲁麗丽黃黄齊齐龍龙廈厦豐丰價价僅仅儘尽優优備备傳传兩两\
動动參参啟启圖图憑凭採采掃扫損损檔档檢检櫃柜欄栏決决製制達达違违項项餘余騙骗齡龄\
濱滨慶庆寧宁滬沪晉晋閩闽瓊琼羅罗臨临興兴義义鋪铺衆众賽赛";

/// First of the Han characters.
const FIRST: u32 = 0x4e00;

/// The simplified form of each character from [`FIRST`] on; 0 = itself. Every character of every
/// page is looked up here.
static TABLE: LazyLock<Vec<u16>> = LazyLock::new(|| {
    let mut table = vec![0; 0xa000 - FIRST as usize];
    let chars: Vec<char> = PAIRS.chars().collect();
    for pair in chars.chunks_exact(2) {
        if let [from, to] = *pair
            && let Some(slot) = table.get_mut((from as u32 - FIRST) as usize)
        {
            *slot = u16::try_from(to as u32).unwrap_or(0);
        }
    }
    table
});

/// The simplified form, or the character itself.
pub(super) fn simplified(c: char) -> char {
    let at = (c as u32).checked_sub(FIRST);
    match at.and_then(|at| TABLE.get(at as usize)) {
        None | Some(0) => c,
        Some(to) => char::from_u32(u32::from(*to)).unwrap_or(c),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_traditional_notice_reads_as_simplified() {
        let got: String = "領取證書須攜帶身份證，郵寄費到付"
            .chars()
            .map(super::simplified)
            .collect();
        assert_eq!(got, "领取证书须携带身份证，邮寄费到付");
    }
}
